import { parsePushData, type PushData } from './push-data.ts'
import { readResponse, type Response } from './read-response.ts'

/** Why the background task runs. */
export type TaskPayload =
  | { readonly kind: 'push'; readonly data: PushData }
  /** A button pressed while the app was not in front (Android). */
  | { readonly kind: 'response'; readonly response: Response }
  | { readonly kind: 'nothing' }

/** Reads what expo-notifications hands to the task: `data.dataString` is our `data` as JSON. */
export function readTaskPayload(payload: unknown): TaskPayload {
  if (typeof payload !== 'object' || payload === null) return { kind: 'nothing' }
  if ('actionIdentifier' in payload) {
    const response = readResponse(payload)
    return response === undefined ? { kind: 'nothing' } : { kind: 'response', response }
  }
  const data = 'data' in payload ? parsePushData(readData(payload.data)) : undefined
  return data === undefined ? { kind: 'nothing' } : { kind: 'push', data }
}

function readData(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || !('dataString' in data)) return data
  if (typeof data.dataString !== 'string') return undefined
  try {
    const value: unknown = JSON.parse(data.dataString)
    return value
  } catch {
    // Another sender's push.
    return undefined
  }
}
