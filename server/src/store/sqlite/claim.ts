import type { Delivery, DeliveryKey } from '../../delivery/delivery.ts'

/**
 * A delivery that somebody in this process is at. It ends with the process: what was claimed then is claimed anew,
 * as the ledger would have it anyway.
 */
export interface Claim {
  readonly key: DeliveryKey
  /** Attempts begun, this one included. */
  readonly attempts: number
  readonly leaseUntilMs: number
  /** When the delivery was first claimed. */
  readonly madeAtMs: number
}

export function claimOf(
  key: DeliveryKey,
  as: { found: Delivery | null; attempts: number; nowMs: number; leaseMs: number },
): Claim {
  const { found, attempts, nowMs, leaseMs } = as
  return { key, attempts, leaseUntilMs: nowMs + leaseMs, madeAtMs: found?.createdAtMs ?? nowMs }
}

/** What is known of a delivery from its row and its claim. Once it is final, a claim says nothing any more. */
export function withClaim(row: Delivery | null, claim: Claim | undefined): Delivery | null {
  if (claim === undefined || (row !== null && isFinal(row))) return row
  const { key, attempts, leaseUntilMs, madeAtMs } = claim
  const now = { state: 'claimed', attempts, leaseUntilMs, nextAttemptAtMs: null } as const
  return { ...(row ?? { ...key, ...unsettled, createdAtMs: madeAtMs }), ...now }
}

const unsettled = {
  reason: null,
  status: null,
  location: null,
  settledAtMs: null,
  shownAtMs: null,
  clickedAtMs: null,
  dismissedAtMs: null,
} as const

export function isFinal({ state }: Delivery): boolean {
  return state !== 'claimed' && state !== 'retry'
}

/** Whether somebody is at it. */
export function isHeld({ state, leaseUntilMs }: Delivery, nowMs: number): boolean {
  return state === 'claimed' && leaseUntilMs > nowMs
}

/** Whether it may be claimed: nobody is at it any more, or its retry is due. */
export function isFree(delivery: Delivery, nowMs: number): boolean {
  if (delivery.state === 'claimed') return !isHeld(delivery, nowMs)
  return delivery.state === 'retry' && (delivery.nextAttemptAtMs ?? 0) <= nowMs
}
