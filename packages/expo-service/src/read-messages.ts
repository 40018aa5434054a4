import type { ExpoMessage } from './expo-message.ts'
import { isRecord } from './is-record.ts'
import { messageFields } from './message-fields.ts'
import type { Refusal } from './request-errors.ts'

/** Expo's limit for one request, counting every element of `to`. */
const maxNotifications = 100

/** What a request to `send` asks for. */
export interface SendRequest {
  readonly messages: readonly ExpoMessage[]
  /** One message to one token, not in an array: its ticket is not in an array either. */
  readonly single: boolean
}

/** Reads the body of `send`: one message or an array. One bad message refuses them all. */
export function readMessages(json: unknown): SendRequest | Refusal {
  const list: readonly unknown[] = Array.isArray(json) ? json : [json]
  if (list.length === 0) return invalid('the request must hold at least one message')
  const count = countNotifications(list)
  if (count > maxNotifications) {
    return {
      code: 'PUSH_TOO_MANY_NOTIFICATIONS',
      message: `You can send a maximum of ${maxNotifications} notifications per request (received ${count}); divide your requests.`,
    }
  }
  const messages: ExpoMessage[] = []
  for (const [index, value] of list.entries()) {
    if (!isExpoMessage(value)) return invalid(`"[${index}]": ${problemOf(value) ?? 'malformed'}`)
    messages.push(value)
  }
  const single = isRecord(json) && typeof json['to'] === 'string'
  return { messages, single }
}

/** The tokens that a body names, as far as it can be read. */
export function tokensIn(json: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(json) ? json : [json]
  return list.flatMap((value) => {
    const to: readonly unknown[] = isRecord(value) ? [value['to']].flat() : []
    return to.filter((token) => typeof token === 'string')
  })
}

function countNotifications(list: readonly unknown[]): number {
  return list.reduce<number>((sum, value) => {
    const to = isRecord(value) ? value['to'] : undefined
    return sum + (Array.isArray(to) ? to.length : 1)
  }, 0)
}

function isExpoMessage(value: unknown): value is ExpoMessage {
  return problemOf(value) === undefined
}

function problemOf(value: unknown): string | undefined {
  if (!isRecord(value)) return 'a message must be an object'
  if (value['to'] === undefined) return '"to" is required'
  for (const [name, part] of Object.entries(value)) {
    const rule = Object.hasOwn(messageFields, name) ? messageFields[name] : undefined
    if (rule === undefined) return `"${name}" is not allowed`
    if (!rule.accepts(part)) return `"${name}" must ${rule.must}`
  }
  return undefined
}

function invalid(message: string): Refusal {
  return { code: 'VALIDATION_ERROR', message }
}
