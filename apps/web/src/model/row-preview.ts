import type { Conversation } from '@belfry/contracts'
import { isGroup, othersIn, shortName } from './conversation-words.ts'
import { sentState, type MessageState } from './message-stream.ts'
import type { UnsentMessage } from './outbox.ts'

/** What stands in the second line of a conversation's row. */
export interface RowPreview {
  /** `You:`, `Théo:`, `Draft:`; null when nothing has to be said first. */
  readonly lead: string | null
  readonly text: string
  readonly state: MessageState | null
}

export interface RowPreviewOptions {
  readonly conversation: Conversation
  readonly meId: string
  readonly draft: string
  /** The newest message that the server does not have yet. */
  readonly unsent: UnsentMessage | null
}

/** What was not sent comes first, then what was begun, then the last message. */
export function rowPreview(options: RowPreviewOptions): RowPreview {
  const { conversation, meId, draft, unsent } = options
  const lead = isGroup(conversation) ? 'You:' : null
  if (unsent !== null) {
    const state = unsent.state === 'failed' ? 'failed' : 'sending'
    return { lead, text: oneLine(unsent.text), state }
  }
  if (draft !== '') return { lead: 'Draft:', text: oneLine(draft), state: null }
  const last = conversation.lastMessage
  if (last === null) return { lead: null, text: 'No messages yet', state: null }
  if (last.senderId === meId) {
    const others = othersIn(conversation, meId).map(({ id }) => id)
    const state = sentState(last, conversation.reads, others)
    return { lead, text: oneLine(last.text), state: isGroup(conversation) ? null : state }
  }
  const sender = conversation.members.find(({ id }) => id === last.senderId)
  const name = sender === undefined ? null : `${shortName(sender.displayName)}:`
  return { lead: isGroup(conversation) ? name : null, text: oneLine(last.text), state: null }
}

/** When something last happened in it, in milliseconds since the epoch; null when nothing did. */
export function rowTimeMs(conversation: Conversation, unsent: UnsentMessage | null): number | null {
  if (unsent !== null) return unsent.writtenAtMs
  const last = conversation.lastMessage
  return last === null ? null : Date.parse(last.sentAt)
}

/** A row shows one line: what does not fit on it need not be laid out. */
function oneLine(text: string): string {
  return text.slice(0, 200).replace(/\s+/gu, ' ').trim()
}
