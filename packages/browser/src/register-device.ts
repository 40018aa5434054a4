import type { RegisteredSubscription } from '@belfry/contracts'
import { isObject, readRegistration, writeRegistration } from '@belfry/service-worker/record'
import type { BrowserEnvironment, WorkerHandle } from './browser-environment.ts'
import { failure, type Failure } from './failure.ts'
import type { Server } from './server.ts'
import { subscribe, type PushPort, type SubscribeResult } from './subscribe.ts'

/** What the steps of enabling and of keeping in sync share. */
export interface DeviceContext {
  readonly environment: BrowserEnvironment
  readonly server: Server
  readonly serviceWorkerUrl: string
  readonly deviceName: string
  readonly deviceId: () => Promise<string>
}

type Failed = { readonly kind: 'failed' } & Failure
type Subscribed = Extract<SubscribeResult, { kind: 'subscribed' }>

const workerLimitMs = 10_000

/** Installs the worker, or finds it installed, and waits until it is active. */
export async function startWorker({
  environment: { workers, wait },
  serviceWorkerUrl,
}: DeviceContext): Promise<{ readonly kind: 'active'; readonly worker: WorkerHandle } | Failed> {
  if (!workers) return { kind: 'failed', ...failure('unsupported') }
  try {
    await workers.register(serviceWorkerUrl, { updateViaCache: 'none' })
  } catch (error) {
    return { kind: 'failed', ...failure('worker_failed', { detail: String(error) }) }
  }
  const worker = await Promise.race([workers.ready, wait(workerLimitMs).then(() => null)])
  return worker ? { kind: 'active', worker } : { kind: 'failed', ...failure('worker_timeout') }
}

/**
 * A subscription for the server's key. When that fails and there was one with an older key of
 * ours, that one again: the server keeps old keys for 90 days, and a lost person is worse.
 */
export async function subscribeFor(
  { environment }: DeviceContext,
  push: PushPort,
  [key, olderKey]: readonly [string, string?],
): Promise<SubscribeResult> {
  const result = await subscribe(push, key, environment)
  if (result.kind === 'subscribed' || !olderKey || olderKey === key) return result
  const again = await subscribe(push, olderKey, environment)
  return again.kind === 'subscribed' ? again : result
}

/**
 * Saves the subscription on the server and remembers what was agreed. An endpoint that belongs to
 * another person there (409) is let go of, and a new one takes its place.
 */
export async function saveSubscription(
  context: DeviceContext,
  push: PushPort,
  { subscription, key }: Subscribed,
): Promise<{ readonly kind: 'saved'; readonly device: RegisteredSubscription } | Failed> {
  const { environment } = context
  let current = subscription
  let reply = await post(context, current, key)
  if (reply.kind === 'failed' && reply.status === 409) {
    // When that fails, the next line finds it still there, and the server refuses it again.
    await current.unsubscribe().catch(() => false)
    const anew = await subscribe(push, key, environment)
    if (anew.kind === 'failed') return anew
    current = anew.subscription
    reply = await post(context, current, key)
  }
  if (reply.kind === 'failed') return reply
  const { id, renewToken } = reply.body
  await writeRegistration(environment.store, {
    isOn: true,
    endpoint: current.endpoint,
    applicationServerKey: key,
    id,
    renewToken,
    isRenewalPending: false,
  })
  return { kind: 'saved', device: reply.body }
}

async function post(
  { environment, server, deviceName, deviceId }: DeviceContext,
  subscription: Subscribed['subscription'],
  applicationServerKey: string,
) {
  const json = subscription.toJSON()
  const known = await readRegistration(environment.store)
  return server.register({
    ...(isObject(json) ? json : {}),
    // Said once: its person may have given it another name since.
    ...(known?.isOn ? {} : { deviceName }),
    deviceId: await deviceId(),
    applicationServerKey,
  })
}
