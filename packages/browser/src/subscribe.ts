import { failure, type Failure, type FailureCode } from './failure.ts'

/** The parts of a browser's `PushSubscription` that we use. */
export interface SubscriptionHandle {
  readonly endpoint: string
  readonly options: { readonly applicationServerKey: ArrayBuffer | null }
  toJSON(): unknown
  unsubscribe(): Promise<boolean>
}

/** The parts of a browser's `PushManager` that we use. */
export interface PushPort {
  getSubscription(): Promise<SubscriptionHandle | null>
  subscribe(options: {
    userVisibleOnly: boolean
    applicationServerKey: string
  }): Promise<SubscriptionHandle>
}

export type SubscribeResult =
  | { readonly kind: 'subscribed'; readonly subscription: SubscriptionHandle; readonly key: string }
  | ({ readonly kind: 'failed' } & Failure)

export interface SubscribeOptions {
  readonly wait: (ms: number) => Promise<void>
  /** Brave comes with its push service turned off. */
  readonly isBrave: boolean
}

/** Chromium's `subscribe` never settles when Google's servers cannot be reached (still pending after 300 s). */
const subscribeLimitMs = 15_000

/** By the error's name (Push API, `subscribe`); Chromium says AbortError for an unreachable push service. */
const codes: Readonly<Record<string, FailureCode>> = {
  NotAllowedError: 'permission_denied',
  AbortError: 'push_service_unreachable',
  NetworkError: 'push_service_unreachable',
  InvalidAccessError: 'server_key_invalid',
  InvalidCharacterError: 'server_key_invalid',
}

/**
 * Gives a subscription for that key: the one there is, or a new one in its place when it was made
 * with another key. Settles within about 15 s and never rejects.
 *
 * @param key our public key, base64url without padding: the form that every browser takes
 */
export function subscribe(
  push: PushPort,
  key: string,
  { wait, isBrave }: SubscribeOptions,
): Promise<SubscribeResult> {
  const late = wait(subscribeLimitMs).then((): SubscribeResult => {
    return { kind: 'failed', ...failure(isBrave ? 'push_service_off' : 'subscribe_timeout') }
  })
  const settled = subscribeAtAll(push, key).then(
    (subscription): SubscribeResult => ({ kind: 'subscribed', subscription, key }),
    (error: unknown): SubscribeResult => {
      const { name, message } = error instanceof Error ? error : new Error(String(error))
      const code = codes[name] ?? 'subscribe_failed'
      const isOff = isBrave && code === 'push_service_unreachable'
      const detail = `${name}: ${message}`
      return { kind: 'failed', ...failure(isOff ? 'push_service_off' : code, { detail }) }
    },
  )
  return Promise.race([settled, late])
}

async function subscribeAtAll(push: PushPort, key: string): Promise<SubscriptionHandle> {
  const known = await push.getSubscription()
  if (known && keyOf(known) === key) return known
  // A subscription is bound to its key for life.
  await known?.unsubscribe()
  const options = { userVisibleOnly: true, applicationServerKey: key }
  try {
    return await push.subscribe(options)
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'InvalidStateError') throw error
    // There is one with another key that `getSubscription` did not show: let go of it, once.
    await (await push.getSubscription())?.unsubscribe()
    return push.subscribe(options)
  }
}

/** The key that a subscription was made with, base64url without padding; empty when the browser does not say. */
export function keyOf({ options }: Pick<SubscriptionHandle, 'options'>): string {
  const { applicationServerKey } = options
  if (!applicationServerKey) return ''
  return btoa(String.fromCharCode(...new Uint8Array(applicationServerKey)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
