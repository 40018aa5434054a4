import { deliveryErrors, type DeliveryErrorCode } from './delivery-errors.ts'
import { isRecord } from './is-record.ts'
import { requestErrors, type RequestErrorCode } from './request-errors.ts'
import type { AnswerScope, ScriptedAnswer } from './scripted-answers.ts'

type Fields = Readonly<Record<string, unknown>>

/** A scripted answer that came as JSON. `"forever"` stands for `Infinity`; `hold` has no JSON form. Undefined when it is none. */
export function readAnswer(json: unknown): ScriptedAnswer | undefined {
  if (!isRecord(json)) return undefined
  const kind = json['kind']
  const read = typeof kind === 'string' && Object.hasOwn(readers, kind) ? readers[kind] : undefined
  return read?.(json)
}

/** Which notifications or requests it is for. Undefined when that makes no sense. */
export function readScope(json: Fields): AnswerScope | undefined {
  const { token, endpoint, times } = json
  const count = readNumber(times ?? 1)
  if (token !== undefined && typeof token !== 'string') return undefined
  if (endpoint !== undefined && endpoint !== 'send' && endpoint !== 'getReceipts') return undefined
  if (count === undefined) return undefined
  return {
    times: count,
    ...(token === undefined ? {} : { token }),
    ...(endpoint === undefined ? {} : { endpoint }),
  }
}

const readers: Readonly<Record<string, (fields: Fields) => ScriptedAnswer | undefined>> = {
  'ticket-error': (fields) => deliveryError('ticket-error', fields),
  'receipt-error': (fields) => deliveryError('receipt-error', fields),
  'receipt-delay': (fields) => {
    const delayMs = readNumber(fields['delayMs'])
    return delayMs === undefined ? undefined : { kind: 'receipt-delay', delayMs }
  },
  status: (fields) => {
    const { status, retryAfter, body } = fields
    if (!isStatus(status)) return undefined
    return {
      kind: 'status',
      status,
      ...(typeof retryAfter === 'string' || typeof retryAfter === 'number' ? { retryAfter } : {}),
      ...(typeof body === 'string' ? { body } : {}),
      ...acceptOf(fields),
    }
  },
  named: ({ code }) => (isRequestError(code) ? { kind: 'named', code } : undefined),
  html: (fields) => ({ kind: 'html', ...statusOf(fields), ...acceptOf(fields) }),
  short: ({ missing }) => ({ kind: 'short', missing: readNumber(missing) ?? 1 }),
  data: (fields) => ({ kind: 'data', data: fields['data'], ...acceptOf(fields) }),
  redirect: (fields) => {
    const { location } = fields
    if (typeof location !== 'string') return undefined
    return { kind: 'redirect', location, ...statusOf(fields) }
  },
  never: (fields) => ({ kind: 'never', ...acceptOf(fields) }),
  drip: (fields) => ({
    kind: 'drip',
    everyMs: readNumber(fields['everyMs']) ?? 100,
    ...acceptOf(fields),
  }),
  reset: (fields) => ({
    kind: 'reset',
    when: fields['when'] === 'before-body' ? 'before-body' : 'after-body',
    ...acceptOf(fields),
  }),
}

function deliveryError(
  kind: 'ticket-error' | 'receipt-error',
  { error, message, details }: Fields,
): ScriptedAnswer | undefined {
  if (!isDeliveryError(error)) return undefined
  return {
    kind,
    error,
    ...(typeof message === 'string' ? { message } : {}),
    ...(isRecord(details) ? { details } : {}),
  }
}

function statusOf({ status }: Fields): { status?: number } {
  return isStatus(status) ? { status } : {}
}

function acceptOf({ accept }: Fields): { accept?: boolean } {
  return accept === true ? { accept } : {}
}

function readNumber(value: unknown): number | undefined {
  if (value === 'forever') return Infinity
  return typeof value === 'number' && value >= 0 ? value : undefined
}

function isStatus(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599
}

function isDeliveryError(value: unknown): value is DeliveryErrorCode {
  return typeof value === 'string' && Object.hasOwn(deliveryErrors, value)
}

function isRequestError(value: unknown): value is RequestErrorCode {
  return typeof value === 'string' && Object.hasOwn(requestErrors, value)
}
