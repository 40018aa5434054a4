import type { RenewSubscriptionBody } from '@belfry/contracts'
import { post } from './post.ts'
import {
  isObject,
  readRegistration,
  text,
  writeRegistration,
  type RegistrationRecord,
} from './record/index.ts'
import { windows, within } from './within.ts'
import type { WorkerEnvironment, WorkerSubscription } from './worker-environment.ts'

/** Firefox names the old subscription and gives no new one; Chromium (138) names neither. */
export interface SubscriptionChangeLike {
  readonly oldSubscription?: {
    readonly endpoint: string
    readonly options: { readonly applicationServerKey: ArrayBuffer | null }
  } | null
  readonly newSubscription?: WorkerSubscription | null
}

/** Chromium's `subscribe` never settles when Google's servers cannot be reached. */
const subscribeLimitMs = 15_000

/**
 * Subscribes again with the same key and tells the server, without a session. What fails is
 * marked, and done by `finishRenewal` or by the next page. Never rejects.
 */
export async function onSubscriptionChange(
  event: SubscriptionChangeLike,
  environment: WorkerEnvironment,
): Promise<void> {
  const record = await readRegistration(environment.store)
  if (record) {
    // Signed out, or turned off: nobody wants a subscription here.
    if (!record.isOn) return
    await writeRegistration(environment.store, { ...record, isRenewalPending: true })
  }
  await renew(environment, record, event)
}

/** Does what a lost connection left undone. Call it whenever the worker is awake. Never rejects. */
export async function finishRenewal(environment: WorkerEnvironment): Promise<void> {
  const record = await readRegistration(environment.store)
  if (record?.isOn && record.isRenewalPending) await renew(environment, record, {})
}

async function renew(
  environment: WorkerEnvironment,
  record: RegistrationRecord | null,
  { oldSubscription: old, newSubscription }: SubscriptionChangeLike,
): Promise<void> {
  try {
    const applicationServerKey =
      old?.options.applicationServerKey ??
      record?.applicationServerKey ??
      (await currentKey(environment))
    const options = { userVisibleOnly: true, applicationServerKey }
    const { pushManager } = environment.registration
    const subscription =
      newSubscription ??
      (await within(environment, subscribeLimitMs, pushManager.subscribe(options)))
    // Without a record there is no token to renew by: the next page registers what we subscribed.
    if (!subscription || !record) return
    const answer = await post(environment, 'push-subscriptions/renew', {
      oldEndpoint: old?.endpoint ?? record.endpoint,
      renewToken: record.renewToken,
      subscription: subscription.toJSON(),
      applicationServerKey: record.applicationServerKey,
    } satisfies Renewal)
    const renewed = await answer.json()
    if (!answer.ok || !isObject(renewed)) return
    await writeRegistration(environment.store, {
      ...record,
      endpoint: subscription.endpoint,
      renewToken: text(renewed.renewToken) ?? '',
      isRenewalPending: false,
    })
    for (const page of await windows(environment, true)) {
      page.postMessage({ type: 'subscription_changed' }, [])
    }
  } catch {
    // Offline, or the push service or the server is away: it stays marked as pending.
  }
}

/** The subscription goes as the browser writes it. */
type Renewal = Omit<RenewSubscriptionBody, 'subscription'> & { subscription: unknown }

async function currentKey(environment: WorkerEnvironment): Promise<string> {
  const config = await (await environment.fetch(`${environment.apiBase}/api/push/config`)).json()
  return (isObject(config) && text(config.vapidPublicKey)) || ''
}
