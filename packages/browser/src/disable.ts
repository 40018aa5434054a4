import {
  isPushFacts,
  offRecord,
  readRegistration,
  settle,
  writeRegistration,
} from '@belfry/service-worker/record'
import type { BrowserEnvironment } from './browser-environment.ts'
import { currentWorker } from './current-worker.ts'
import type { DeviceContext } from './register-device.ts'

/**
 * Undoes it all: the browser's subscription, the server's row, what is shown and what names
 * people. Each is tried whatever becomes of the others. Never rejects.
 */
export async function disable({ environment, server }: DeviceContext): Promise<void> {
  const { store, workers } = environment
  const record = await readRegistration(store)
  // First, so that neither worker nor page subscribes again meanwhile.
  await writeRegistration(store, offRecord)
  await store.change('ended-calls', () => undefined)
  await store.change('pending-action', () => undefined)
  const worker = await currentWorker(workers)
  const subscription = (await worker?.pushManager.getSubscription()) ?? null
  const row = record?.id ? { id: record.id } : subscription && { endpoint: subscription.endpoint }
  await Promise.allSettled([
    row && server.forget(row),
    subscription?.unsubscribe(),
    closeNotifications(environment),
  ])
}

/** Closes ours with that tag, or all of ours. Remembers that it was not the person who waved them away. */
export async function closeNotifications(
  { workers, store }: BrowserEnvironment,
  tag?: string,
): Promise<void> {
  const worker = await currentWorker(workers)
  const shown = (await worker?.getNotifications(tag === undefined ? {} : { tag })) ?? []
  for (const notification of shown) {
    if (!isPushFacts(notification.data)) continue
    // Before the close: Firefox reports it to the worker as a dismissal.
    await settle(store, notification.data, 'clicked')
    notification.close()
  }
}
