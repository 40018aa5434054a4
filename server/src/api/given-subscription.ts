import type { BrowserSubscription } from '@belfry/contracts'
import { parseSubscription } from '@belfry/web-push'
import type { CheckedSubscription } from '../devices/checked-subscription.ts'
import type { ApiContext } from './app.ts'
import { ProblemError } from './problem.ts'

/**
 * A subscription as a browser gave it, with every rule of `@belfry/web-push` held.
 *
 * @throws ProblemError SUBSCRIPTION_REFUSED, shown by the narrower code of the rule that is broken.
 */
export function checkSubscription(
  { allowedHosts }: Pick<ApiContext, 'allowedHosts'>,
  given: BrowserSubscription,
): CheckedSubscription {
  const result = parseSubscription(given, { allowedHosts })
  if (!result.ok)
    throw new ProblemError('SUBSCRIPTION_REFUSED', { as: result.code, detail: result.message })
  const { endpoint, p256dh, auth } = result.subscription
  return { endpoint, p256dh, auth }
}

/**
 * Which of our pairs the subscription was made with; the current one when the browser does not say.
 * Padding and the other alphabet of base64 are forgiven.
 *
 * @throws ProblemError VAPID_KEY_UNKNOWN
 */
export function whichVapidKey(
  { vapidPublicKeys }: Pick<ApiContext, 'vapidPublicKeys'>,
  given: string | undefined,
): string {
  const wanted =
    given?.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '') ?? vapidPublicKeys[0]
  const known = vapidPublicKeys.find((key) => key === wanted)
  if (known === undefined) throw new ProblemError('VAPID_KEY_UNKNOWN')
  return known
}
