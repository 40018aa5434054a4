import { isRecord } from './is-record.ts'
import type { Refusal } from './request-errors.ts'

/** Expo's limit for one request. */
const maxIds = 1000

/** Reads the body of `getReceipts`: `{ids: [...]}`. */
export function readReceiptIds(json: unknown): { readonly ids: readonly string[] } | Refusal {
  const ids: unknown = isRecord(json) ? json['ids'] : undefined
  if (!isTexts(ids)) {
    return { code: 'VALIDATION_ERROR', message: '"ids" must be an array of strings' }
  }
  if (ids.length > maxIds) {
    return {
      code: 'PUSH_TOO_MANY_RECEIPTS',
      message: `You can get a maximum of ${maxIds} receipts per request (received ${ids.length}); divide your requests.`,
    }
  }
  return { ids }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((id) => typeof id === 'string')
}
