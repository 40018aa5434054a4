import type { PushSubscription } from '@belfry/contracts'
import { tellsWhenShown } from './notification-status.ts'
import type { TestResult } from './run-notification-test.ts'
import { whenWords, type WhenOptions } from './when-words.ts'

export type DeviceKind = 'computer' | 'screen' | 'phone' | 'tablet'

/** What to draw beside a name. People rename their devices, so this is a guess and nothing depends on it. */
export function deviceKind(
  { deviceName: name, kind }: Pick<PushSubscription, 'deviceName' | 'kind'>,
  isThisBrowser: boolean,
): DeviceKind {
  if (/\b(ipad|tablet)\b/i.test(name)) return 'tablet'
  if (kind === 'expo') return 'phone'
  if (/\b(iphone|android|phone|pixel|galaxy)\b/i.test(name)) return 'phone'
  return isThisBrowser ? 'computer' : 'screen'
}

export interface DeviceWords {
  /** When it last showed, or at least took, a notification. */
  readonly delivered: string
  /** The last problem; null when there is none. */
  readonly problem: string | null
}

/** Shown is proof and comes first; accepted says less and says so. */
export function deviceWords(device: PushSubscription, when: WhenOptions): DeviceWords {
  const seen = `Last seen ${whenWords(Date.parse(device.lastSeenAt), when)}`
  const words = [...appWords(device), deliveredWords(device, when), seen]
  return { delivered: words.join('. '), problem: problemWords(device) }
}

/** That it is the app and not a browser on that phone, which may be listed too. */
function appWords({ kind, platform }: PushSubscription): string[] {
  if (kind !== 'expo') return []
  if (platform === 'android') return ['The app on Android']
  return [platform === 'ios' ? 'The app on iOS' : 'The app']
}

function deliveredWords(device: PushSubscription, when: WhenOptions): string {
  const { lastShownAt, lastAcceptedAt } = device
  if (lastShownAt !== null) return `Last delivered ${whenWords(Date.parse(lastShownAt), when)}`
  if (lastAcceptedAt === null) return 'Nothing delivered yet'
  return `Last accepted by ${acceptedBy(device)} ${whenWords(Date.parse(lastAcceptedAt), when)}`
}

function acceptedBy({ kind, host }: PushSubscription): string {
  if (kind === 'expo') return 'Expo'
  return tellsWhenShown(host) ? 'the push service' : 'Apple'
}

function problemWords(device: PushSubscription): string | null {
  if (device.lastError === null) return null
  return /[.!?…]$/u.test(device.lastError) ? device.lastError : `${device.lastError}.`
}

/** What the test of another device came to. That one proves *shown* itself, by its last delivery. */
export function testResultWords(result: TestResult | null): string {
  if (result === null) return 'The server did not send it. Try again in a minute.'
  if (result.outcome === 'accepted') return `Accepted by ${result.host}. Look at the device.`
  const status = result.status === null ? 'no answer' : `it answered ${result.status}`
  return result.hint ?? `${result.host} did not take it: ${status}.`
}
