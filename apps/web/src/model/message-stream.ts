import type { Conversation, Message } from '@belfry/contracts'
import type { UnsentMessage } from './outbox.ts'

/** How far an own message has come. */
export type MessageState = 'sending' | 'sent' | 'notified' | 'seen' | 'failed'

export interface StreamMessage {
  /** Stays the same when an unsent message becomes a sent one. */
  readonly key: string
  readonly text: string
  /** Null for messages of others. */
  readonly state: MessageState | null
}

/** One run: the same person within the same minute. */
export interface StreamGroup {
  readonly kind: 'group'
  readonly key: string
  readonly senderId: string
  readonly isMine: boolean
  /** When its last message was written, in milliseconds since the epoch. */
  readonly atMs: number
  readonly messages: readonly StreamMessage[]
}

export type StreamItem =
  | { readonly kind: 'day'; readonly key: string; readonly atMs: number }
  | { readonly kind: 'new'; readonly key: 'new' }
  | StreamGroup

export interface StreamOptions {
  /** Oldest first. */
  readonly messages: readonly Message[]
  readonly unsent: readonly UnsentMessage[]
  readonly meId: string
  readonly reads: Conversation['reads']
  readonly memberIds: readonly string[]
  /** The last message that I had read when I came; null draws no line. */
  readonly readBeforeId: string | null
  /** The same for two instants of one day, where the person is. */
  readonly dayKey: (atMs: number) => string
}

interface Line extends StreamMessage {
  readonly id: string | null
  readonly senderId: string
  readonly atMs: number
}

/** Messages as they are drawn: day lines, the line of new messages, runs. */
export function messageStream(options: StreamOptions): readonly StreamItem[] {
  const { meId, readBeforeId } = options
  const items: StreamItem[] = []
  let day = ''
  let hasLine = readBeforeId === null
  let run: { group: StreamGroup; messages: StreamMessage[] } | null = null

  for (const line of lines(options)) {
    const isMine = line.senderId === meId
    const lineDay = options.dayKey(line.atMs)
    if (lineDay !== day) {
      items.push({ kind: 'day', key: `day ${lineDay}`, atMs: line.atMs })
      day = lineDay
      run = null
    }
    if (!hasLine && !isMine && line.id !== null && line.id > (readBeforeId ?? '')) {
      items.push({ kind: 'new', key: 'new' })
      hasLine = true
      run = null
    }
    const message = { key: line.key, text: line.text, state: line.state }
    if (run !== null && continues(run.group, line)) {
      run.messages.push(message)
      run.group = { ...run.group, atMs: line.atMs, messages: run.messages }
      items[items.length - 1] = run.group
    } else {
      const { key, senderId, atMs } = line
      const messages: StreamMessage[] = [message]
      run = { messages, group: { kind: 'group', key, senderId, isMine, atMs, messages } }
      items.push(run.group)
    }
  }
  return items
}

function continues(group: StreamGroup, line: Line): boolean {
  const last = group.messages[group.messages.length - 1]
  return (
    group.senderId === line.senderId &&
    minute(group.atMs) === minute(line.atMs) &&
    // What was not sent stands alone, with its way to try again.
    last?.state !== 'failed' &&
    line.state !== 'failed'
  )
}

function minute(atMs: number): number {
  return Math.floor(atMs / 60_000)
}

function lines({ messages, unsent, meId, reads, memberIds }: StreamOptions): Line[] {
  const others = memberIds.filter((id) => id !== meId)
  const arrived = new Set(messages.map((message) => message.clientMessageId))
  return [
    ...messages.map((message) => ({
      key: message.clientMessageId ?? message.id,
      id: message.id,
      senderId: message.senderId,
      text: message.text,
      atMs: Date.parse(message.sentAt),
      state: message.senderId === meId ? sentState(message, reads, others) : null,
    })),
    ...unsent
      .filter(({ clientMessageId }) => !arrived.has(clientMessageId))
      .map((message) => ({
        key: message.clientMessageId,
        id: null,
        senderId: meId,
        text: message.text,
        atMs: message.writtenAtMs,
        state: message.state === 'failed' ? ('failed' as const) : ('sending' as const),
      })),
  ]
}

/** Seen means seen by everybody it was written to. Ids order as the messages do. */
export function sentState(
  message: Message,
  reads: Conversation['reads'],
  others: readonly string[],
): 'sent' | 'notified' | 'seen' {
  const hasRead = (userId: string) =>
    reads.some((read) => read.userId === userId && read.messageId >= message.id)
  if (others.length > 0 && others.every(hasRead)) return 'seen'
  return message.notified ? 'notified' : 'sent'
}
