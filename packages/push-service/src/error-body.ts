import { STATUS_CODES } from 'node:http'
import type { Answer } from './answers.ts'

const moreInfo = 'http://autopush.readthedocs.io/en/latest/http.html#error-codes'

/** Mozilla's error JSON; empty for answers without a message. */
export function errorBody({ status, errno, message }: Answer): string {
  if (message === undefined) return ''
  const error = STATUS_CODES[status] ?? ''
  return JSON.stringify({ code: status, errno: errno ?? null, error, message, more_info: moreInfo })
}
