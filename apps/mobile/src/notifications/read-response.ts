import { parsePushData, type PushData } from './push-data.ts'

/** The tap itself, as against a button. */
export const tapAction = 'expo.modules.notifications.actions.DEFAULT'

/** What a person did to a notification. */
export interface Response {
  /** Tells this response from others: it may be told twice, by the listener and at the start. */
  readonly key: string
  readonly action: string
  readonly data: PushData
}

/** Reads expo-notifications' `NotificationResponse`; undefined when the notification was not ours. */
export function readResponse(value: unknown): Response | undefined {
  const action = field(value, 'actionIdentifier')
  const notification = field(value, 'notification')
  const request = field(notification, 'request')
  const content = field(request, 'content')
  const data = parsePushData(field(content, 'data')) ?? parseText(field(content, 'dataString'))
  if (typeof action !== 'string' || data === undefined) return undefined
  return { key: `${data.id} ${data.type} ${action}`, action, data }
}

/** Android hands the task `dataString` where the listener gets `data`. */
function parseText(text: unknown): PushData | undefined {
  if (typeof text !== 'string') return undefined
  try {
    return parsePushData(JSON.parse(text))
  } catch {
    // Not ours.
    return undefined
  }
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  const object: Readonly<Record<string, unknown>> = { ...value }
  return object[name]
}
