import { asMap, keepNewest } from './bounded-map.ts'
import { isObject, text, type RecordStore } from './record/index.ts'

/** How a call went for this device. A ring that comes late shows this instead of ringing. */
export interface EndedCall {
  readonly title: string
  readonly body: string
}

export function rememberEnded(
  store: RecordStore,
  sessionId: string,
  { title, body }: EndedCall,
): Promise<void> {
  return keepNewest(store, 'ended-calls', [sessionId, { title, body }])
}

export async function findEnded(
  store: RecordStore,
  sessionId: string,
): Promise<EndedCall | undefined> {
  const call = asMap(await store.read('ended-calls')).get(sessionId)
  const title = isObject(call) && text(call.title)
  return title ? { title, body: text(call.body) ?? '' } : undefined
}
