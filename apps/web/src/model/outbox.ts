/**
 * Messages that the server does not have yet.
 *
 *   waiting → sending → (gone: the server has it)
 *   sending → waiting   no answer, 401, 408, 429 or 5xx: tried again, later and later
 *   sending → failed    refused: only the person tries again, or throws it away
 *   failed  → waiting   on `retry`
 *
 * Each keeps its `clientMessageId` through all of this, so a send whose answer was lost is not sent twice.
 */
import type { Message, SendMessageBody } from '@belfry/contracts'
import type { Clock } from './clock.ts'
import type { Reply } from './request.ts'
import { keep, kept, type KeyValueStorage } from './storage.ts'

export interface UnsentMessage {
  readonly clientMessageId: string
  readonly conversationId: string
  readonly text: string
  readonly writtenAtMs: number
  readonly state: 'waiting' | 'sending' | 'failed'
}

export interface OutboxOptions {
  readonly storage: KeyValueStorage
  readonly userId: string
  readonly clock: Pick<Clock, 'after' | 'makeId' | 'now'>
  readonly send: (conversationId: string, body: SendMessageBody) => Promise<Reply<Message>>
  /** The server has it. Called before it leaves the outbox, so that it is always on the screen. */
  readonly onSent: (message: Message) => void
}

const firstPauseMs = 2000
const longestPauseMs = 30_000

/** Keeps what was written until the server has it, also over a restart of the browser. */
export class Outbox {
  readonly #options: OutboxOptions
  readonly #key: string
  readonly #listeners = new Set<() => void>()
  #unsent: readonly UnsentMessage[]
  #isSending = false
  #isClosed = false
  #pauseMs = firstPauseMs
  #stopPause: (() => void) | null = null

  constructor(options: OutboxOptions) {
    this.#options = options
    this.#key = `belfry.unsent.${options.userId}`
    this.#unsent = read(options.storage, this.#key)
  }

  /** Oldest first; the same object until something changes. */
  readonly snapshot = (): readonly UnsentMessage[] => this.#unsent

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Takes a message in, and sends it as soon as the ones before it are sent. */
  readonly add = (conversationId: string, text: string): void => {
    const { clock } = this.#options
    const clientMessageId = clock.makeId()
    const message = { clientMessageId, conversationId, text, writtenAtMs: clock.now() }
    this.#change([...this.#unsent, { ...message, state: 'waiting' }])
    if (this.#stopPause === null && !this.#isSending) void this.#sendAll()
  }

  readonly retry = (clientMessageId: string): void => {
    this.#mark(clientMessageId, 'waiting')
    this.flush()
  }

  readonly discard = (clientMessageId: string): void =>
    this.#change(this.#unsent.filter((each) => each.clientMessageId !== clientMessageId))

  /** Tries everything that waits, now: at the start, when the network is back. */
  readonly flush = (): void => {
    this.#stopPause?.()
    this.#stopPause = null
    if (!this.#isSending) void this.#sendAll()
  }

  /** Forgets all of them, here and in the storage. */
  readonly forget = (): void => this.#change([])

  close(): void {
    this.#isClosed = true
    this.#stopPause?.()
    this.#listeners.clear()
  }

  #change(next: readonly UnsentMessage[]): void {
    this.#unsent = next
    keep(this.#options.storage, this.#key, next)
    for (const listener of this.#listeners) listener()
  }

  #mark(clientMessageId: string, state: UnsentMessage['state']): void {
    this.#change(
      this.#unsent.map((each) =>
        each.clientMessageId === clientMessageId ? { ...each, state } : each,
      ),
    )
  }

  #next(): UnsentMessage | undefined {
    if (this.#isClosed || this.#stopPause !== null) return undefined
    return this.#unsent.find((each) => each.state === 'waiting')
  }

  /** One after the other: they arrive in the order in which they were written. */
  async #sendAll(): Promise<void> {
    this.#isSending = true
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      await this.#sendOne(next)
    }
    this.#isSending = false
  }

  async #sendOne({ clientMessageId, conversationId, text }: UnsentMessage): Promise<void> {
    const { clock, onSent, send } = this.#options
    this.#mark(clientMessageId, 'sending')
    const reply = await send(conversationId, { text, clientMessageId })
    if (this.#isClosed) return
    if (reply.ok) {
      this.#pauseMs = firstPauseMs
      onSent(reply.value)
      this.discard(clientMessageId)
    } else if (isTemporary(reply.problem.status)) {
      this.#mark(clientMessageId, 'waiting')
      this.#stopPause = clock.after(this.flush, this.#pauseMs)
      this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs)
    } else {
      this.#mark(clientMessageId, 'failed')
    }
  }
}

/** 0 is no answer at all; 401 ends the session, and the message waits for the next one. */
function isTemporary(status: number): boolean {
  return status === 0 || status === 401 || status === 408 || status === 429 || status >= 500
}

function read(storage: KeyValueStorage, key: string): readonly UnsentMessage[] {
  const found = kept(storage, key)
  return Array.isArray(found) ? found.flatMap((each) => asUnsent(each)) : []
}

function asUnsent(value: unknown): readonly UnsentMessage[] {
  if (typeof value !== 'object' || value === null) return []
  if (!('clientMessageId' in value) || typeof value.clientMessageId !== 'string') return []
  if (!('conversationId' in value) || typeof value.conversationId !== 'string') return []
  if (!('text' in value) || typeof value.text !== 'string') return []
  if (!('writtenAtMs' in value) || typeof value.writtenAtMs !== 'number') return []
  const { clientMessageId, conversationId, text, writtenAtMs } = value
  // What was on its way when the page closed may have arrived: sending it again is harmless.
  const state = 'state' in value && value.state === 'failed' ? 'failed' : 'waiting'
  return [{ clientMessageId, conversationId, text, writtenAtMs, state }]
}

export function createOutbox(options: OutboxOptions): Outbox {
  return new Outbox(options)
}
