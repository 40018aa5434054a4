import type { PushData } from '@belfry/contracts'
import { isObject, text } from './record/index.ts'

/** What every push of ours must name, so that a click knows where to go. */
const required = new Map<unknown, string>([
  ['incoming_call', 'sessionId'],
  ['call_ended', 'sessionId'],
  ['missed_call', 'sessionId'],
  ['chat_message', 'conversationId'],
  ['test', 'type'],
])

/** `PushData`, less what another version of the server may leave out: what is not needed to show something. */
export interface PushFacts {
  readonly type: PushData['type']
  /** The delivery's id. */
  readonly id?: string
  readonly receipt?: string
  /** Unix seconds by the server's clock. */
  readonly ts?: number
  readonly exp?: number
  readonly sessionId?: string
  readonly callerUid?: string
  readonly callerName?: string
  readonly conversationId?: string
  readonly messageId?: string
  /** Of a test. */
  readonly kind?: string
}

const texts = [
  'id',
  'receipt',
  'sessionId',
  'callerUid',
  'callerName',
  'conversationId',
  'messageId',
  'kind',
]
const numbers = ['ts', 'exp']

/** From a push, or from a notification that is clicked. A field of a wrong kind makes it another's. */
export function isPushFacts(data: unknown): data is PushFacts {
  if (!isObject(data)) return false
  const name = required.get(data.type)
  const areAbsentOr = (kind: string, fields: readonly string[]) =>
    fields.every((field) => data[field] === undefined || typeof data[field] === kind)
  return !!name && !!data[name] && areAbsentOr('string', texts) && areAbsentOr('number', numbers)
}

export interface PushContent {
  readonly title: string
  readonly body: string
  readonly tag: string
  readonly lang?: string | undefined
  /** Absent means auto. */
  readonly dir?: 'ltr' | 'rtl' | undefined
  readonly isSilent: boolean
  readonly navigate: unknown
  /** Goes into the notification. */
  readonly data: object
  /** Null for another product's push. */
  readonly facts: PushFacts | null
}

/** The parts of a `PushEvent` that we read; `notification` is WebKit's, of a mutable declarative push. */
export interface PushEventLike {
  readonly data: { text(): string } | null
  readonly notification?: unknown
}

/** Null when there is nothing to show in it: no data, no JSON, no title. */
export function readPush(event: PushEventLike): PushContent | null {
  const shown = event.notification ?? parse(event)
  if (!isObject(shown)) return null
  const title = text(shown.title)
  if (title === undefined) return null
  const { data, dir } = shown
  const facts = isPushFacts(data) ? data : null
  return {
    title,
    body: text(shown.body) ?? '',
    tag: text(shown.tag) ?? 'belfry',
    lang: text(shown.lang),
    dir: dir === 'ltr' || dir === 'rtl' ? dir : undefined,
    isSilent: shown.silent === true,
    navigate: shown.navigate,
    data: isObject(data) ? data : {},
    facts,
  }
}

function parse(event: PushEventLike): unknown {
  try {
    const payload: unknown = JSON.parse(event.data?.text() ?? '')
    return isObject(payload) && payload.web_push === 8030 && payload.notification
  } catch {
    // Not JSON: another product's, and shown as such.
    return null
  }
}
