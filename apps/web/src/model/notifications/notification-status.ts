/**
 * The one line on top of Settings → Notification: exactly one of these, whatever happens.
 *
 *   impossible     the browser cannot: private window, no support, or not a secure address
 *   needs-install  an iPhone or iPad, and the app is not on the Home Screen
 *   asking         the browser's own question is open
 *   blocked        the person, or the system's administrator, said no for this site
 *   off            not asked yet, or turned off here
 *   broken         it was on here, but the registration is gone from the browser or the server
 *   silenced       a test was accepted by the push service, and this device showed nothing
 *   unproven       on, but no notification has proved it yet
 *   on             on, and proved
 */
import type { CapabilityState } from '@belfry/browser'
import type { PushSubscription } from '@belfry/contracts'

export type ImpossibleReason = 'private-window' | 'unsupported' | 'insecure'

export type NotificationStatus =
  | { readonly kind: 'loading' }
  | { readonly kind: 'impossible'; readonly reason: ImpossibleReason }
  | { readonly kind: 'needs-install' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'blocked' }
  | { readonly kind: 'off' }
  | { readonly kind: 'broken' }
  | { readonly kind: 'silenced' }
  | { readonly kind: 'unproven' }
  | { readonly kind: 'on'; readonly provedAtMs: number; readonly proof: 'shown' | 'accepted' }

export interface StatusFacts {
  /** What the browser says of itself; null while it has not answered. */
  readonly capability: CapabilityState | null
  /** The browser's own question is open. */
  readonly isAsking: boolean
  /** This browser's row on the server; null when it has none, undefined while we do not know. */
  readonly device: PushSubscription | null | undefined
  /** The last test that was accepted and not shown, and what the row's `lastShownAt` was at its beginning. */
  readonly unshown: { readonly lastShownAt: string | null } | null
}

/** Apple shows a notification without starting our worker, so nothing there can say that it was shown. */
export function tellsWhenShown(host: string): boolean {
  return !/(^|\.)push\.apple\.com$/.test(host)
}

/** A phone says that it showed one only while the app runs: what Expo took counts as well, and is named. */
function proofOf({ kind, host, lastShownAt }: PushSubscription): 'shown' | 'accepted' {
  const isSilent = kind === 'expo' ? lastShownAt === null : !tellsWhenShown(host)
  return isSilent ? 'accepted' : 'shown'
}

export function notificationStatus(facts: StatusFacts): NotificationStatus {
  if (facts.isAsking) return { kind: 'asking' }
  switch (facts.capability) {
    case null:
      return { kind: 'loading' }
    case 'private_window':
      return { kind: 'impossible', reason: 'private-window' }
    case 'unsupported':
    case 'insecure':
      return { kind: 'impossible', reason: facts.capability }
    case 'needs_install':
      return { kind: 'needs-install' }
    case 'blocked':
    case 'broken':
      return { kind: facts.capability }
    case 'not_asked':
    case 'off':
      return { kind: 'off' }
    case 'on':
      return ofDevice(facts)
  }
}

function ofDevice({ device, unshown }: StatusFacts): NotificationStatus {
  if (device === undefined) return { kind: 'loading' }
  if (device === null) return { kind: 'broken' }
  if (unshown !== null && unshown.lastShownAt === device.lastShownAt) return { kind: 'silenced' }
  const proof = proofOf(device)
  const provedAt = proof === 'shown' ? device.lastShownAt : device.lastAcceptedAt
  if (provedAt === null) return { kind: 'unproven' }
  return { kind: 'on', provedAtMs: Date.parse(provedAt), proof }
}
