import { generateVapidKeys, type VapidKeys } from '@belfry/web-push'
import { generateSubscriptionKeys, type SubscriptionKeys } from '@belfry/web-push/decrypt'

/** Pretended browsers, and the VAPID pair that they subscribed with. */
export interface Subscribers {
  readonly keys: readonly SubscriptionKeys[]
  readonly vapid: VapidKeys
}

/** Each has keys of its own, as real ones do: what is cached by key is as hard to cache as in life. */
export function makeSubscribers(count: number): Subscribers {
  return {
    keys: Array.from({ length: count }, generateSubscriptionKeys),
    vapid: generateVapidKeys(),
  }
}

/** RFC 8292 wants a way to reach us; nobody is told about benchmarks. */
export const vapidSubject = 'mailto:bench@belfry.example.com'
