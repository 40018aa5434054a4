import { readRegistration } from '@belfry/service-worker/record'
import type { SyncResult } from './enable-result.ts'
import { currentWorker } from './current-worker.ts'
import { readConfig } from './read-config.ts'
import {
  saveSubscription,
  startWorker,
  subscribeFor,
  type DeviceContext,
} from './register-device.ts'
import { keyOf } from './subscribe.ts'

/**
 * Brings browser and server together: key, endpoint, owner. Asks nobody. Also finishes a renewal
 * that the worker could not. Never rejects.
 */
export async function sync(
  context: DeviceContext,
  getToken: () => string | null,
): Promise<SyncResult> {
  const { environment } = context
  const config = await readConfig(context)
  if (config.kind === 'failed') return config
  if (getToken() === null) return { kind: 'signed_out' }
  const record = await readRegistration(environment.store)
  if (record && !record.isOn) return { kind: 'off' }
  if (environment.notifications?.permission() !== 'granted') {
    return { kind: record ? 'not_allowed' : 'off' }
  }
  // A browser that lost its storage, but not its subscription, is taken up again.
  if (!record && !(await isSubscribed(context, config.key))) return { kind: 'off' }

  const started = await startWorker(context)
  if (started.kind === 'failed') return started
  const push = started.worker.pushManager
  const keys = [config.key, record?.applicationServerKey] as const
  const subscribed = await subscribeFor(context, push, keys)
  if (subscribed.kind === 'failed') return subscribed
  const saved = await saveSubscription(context, push, subscribed)
  if (saved.kind === 'failed') return saved
  const now = await readRegistration(environment.store)
  const isSame =
    record !== null &&
    !record.isRenewalPending &&
    record.id === now?.id &&
    record.endpoint === now.endpoint
  return { kind: isSame ? 'in_sync' : 'repaired', device: saved.device }
}

async function isSubscribed({ environment }: DeviceContext, key: string): Promise<boolean> {
  const worker = await currentWorker(environment.workers)
  const subscription = await worker?.pushManager.getSubscription()
  return subscription ? keyOf(subscription) === key : false
}
