import type { Conversation, User } from '@belfry/contracts'

/** The other members; all of them when I am alone in it. */
export function othersIn(conversation: Conversation, meId: string): readonly User[] {
  const others = conversation.members.filter((member) => member.id !== meId)
  return others.length === 0 ? conversation.members : others
}

export function isGroup(conversation: Conversation): boolean {
  return conversation.members.length > 2
}

/** Its title, or who is in it besides me. */
export function conversationName(conversation: Conversation, meId: string): string {
  if (conversation.title !== null) return conversation.title
  const names = othersIn(conversation, meId).map((member) => member.displayName)
  return names.length === 0 ? 'Nobody' : names.join(', ')
}

/** Whose colour it has: the other person's; a group has its own. */
export function conversationFace(conversation: Conversation, meId: string): string {
  const [other] = othersIn(conversation, meId)
  return isGroup(conversation) || other === undefined ? conversation.id : other.id
}

/** The first word of a name: how people are spoken of in a small place. */
export function shortName(name: string): string {
  return name.split(/\s/u, 1)[0] ?? name
}

/** What a call would do, in words. */
export function reachWords({ devices, people }: Conversation['rings'], inGroup: boolean): string {
  if (devices === 0) return 'Cannot be rung now'
  const onDevices = devices === 1 ? 'Rings on 1 device' : `Rings on ${devices} devices`
  if (!inGroup) return onDevices
  return people === 1 ? `${onDevices} of 1 person` : `${onDevices} of ${people} people`
}

/** Whether every word of the query begins a word of one of the names. Accents do not matter. */
export function matchesNames(query: string, names: readonly string[]): boolean {
  const words = plain(names.join(' ')).split(/[\s,]+/u)
  const asked = plain(query).split(/\s+/u).filter(Boolean)
  return asked.every((part) => words.some((word) => word.startsWith(part)))
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase()
}
