import { eventId, type CallEnded } from '@belfry/contracts'
import type { StoredCall } from '../calls/stored-call.ts'
import type { Device } from '../devices/device.ts'
import type { CallEnd, CallPush } from './call-push.ts'
import type { DeliveryJob, DeliveryOrder, LastCheck } from './deliver.ts'
import { callRingEventId, deliveryId } from './delivery-id.ts'
import type { Delivery } from './delivery.ts'
import { refuseCall, type SuppressionReason } from './policy.ts'
import type { PushWork } from './push-work.ts'

const deadlineMs = 5000
const endTtlSeconds = 60
const missedTtlSeconds = 24 * 3600
/** How long to leave a ring whose attempt is under way in another process. */
const ringUnderWayMs = 500

export interface HowToEnd<To extends Device, Content> {
  readonly only: string | null
  /** Why that device is not told that its ring is over; a missed call is told to all. Null: it is. */
  readonly refuseEnd: (device: To) => SuppressionReason | null
  readonly write: (push: CallPush<To>) => Content
}

/**
 * A ring ends. Devices that rang get a visible replacement under the same tag, never a silent push:
 * browsers drop subscriptions for those. A missed or cancelled call is told to every device.
 * It waits for the device's own ring: they replace each other, and a late ring would replace the end.
 */
export async function deliverCallEnd<To extends Device, Content>(
  work: PushWork<To, Content>,
  event: CallEnded,
  how: HowToEnd<To, Content>,
): Promise<void> {
  if (event.reason === 'ended') return // Nothing rang any more when it was hung up.
  const stored = await work.store.calls.byId(event.sessionId)
  // Another backend's call: who it was is not known, but its ring must not come late.
  if (stored === null) return work.tombstones.note(event)
  const missed = event.reason === 'missed' || event.reason === 'cancelled'

  await work.fanOut({
    eventId: eventId(event),
    kind: missed ? 'missed_call' : 'call_ended',
    subjectId: event.sessionId,
    recipientIds: whoseRingEnds(event, stored),
    only: how.only,
    refusePerson: (_userId, preferences) => refuseCall(preferences),
    plan: (device, key, preferences) => {
      if (didThis(event, device)) return 'did_this'
      const refusal = missed ? null : how.refuseEnd(device)
      if (refusal !== null) return refusal
      const preview = preferences?.preview ?? 'auto'
      return endJob(work, how, { event, stored, key, preview, missed })
    },
  })
}

function whoseRingEnds(event: CallEnded, { call }: StoredCall): readonly string[] {
  if (event.calleeIds !== undefined) return event.calleeIds
  const byOne = event.reason === 'declined' || event.reason === 'busy'
  return byOne ? [event.userId] : call.callees.map((callee) => callee.id)
}

/** A device is not told what its own person did on it. */
function didThis({ exceptDeviceId, userId }: CallEnded, device: Device): boolean {
  if (exceptDeviceId === undefined || device.ownerId !== userId) return false
  return exceptDeviceId === device.deviceId || exceptDeviceId === device.id
}

/** The device's own ring decides: under way, it is waited for; never begun, there is nothing to replace. */
async function afterRing(
  { store, now }: Pick<PushWork<never, never>, 'store' | 'now'>,
  ringId: string,
  missed: boolean,
): Promise<LastCheck> {
  const ring = await store.deliveries.byId(ringId)
  if (ring?.state === 'claimed' && ring.leaseUntilMs > now()) {
    return { kind: 'wait', forMs: ringUnderWayMs, reason: 'ring_under_way' }
  }
  if (missed || mayHaveRung(ring)) return { kind: 'send' }
  return { kind: 'refuse', reason: 'did_not_ring' }
}

/** In doubt yes: a ring that goes on after it was answered is worse than an end too many. */
function mayHaveRung(ring: Delivery | null): boolean {
  switch (ring?.state) {
    case undefined:
    case 'gone':
    case 'rejected':
      return false
    case 'accepted':
    case 'retry':
    case 'claimed': // By a process that is no more.
      return true
    case 'suppressed':
    case 'expired':
      return ring.attempts > 1 // An earlier attempt had no answer on record.
  }
}

interface EndInput {
  readonly event: CallEnded
  readonly stored: StoredCall
  readonly key: DeliveryOrder['key']
  readonly preview: CallPush<Device>['preview']
  readonly missed: boolean
}

function endJob<To extends Device, Content>(
  work: PushWork<To, Content>,
  how: HowToEnd<To, Content>,
  { event, stored, key, missed, preview }: EndInput,
): DeliveryJob<To, Content> {
  const { now, channel } = work
  const expiresAtMs = Date.parse(event.endedAt) + (missed ? missedTtlSeconds : endTtlSeconds) * 1000
  const ringId = deliveryId(callRingEventId(event.sessionId), key.deviceRowId)
  return {
    key,
    event,
    queue: channel.queues.calls,
    pace: missed ? 'patient' : 'ring',
    expiresAtMs,
    deadlineMs,
    lastCheck: () => afterRing(work, ringId, missed),
    write: (to, maxBytes) =>
      how.write({
        type: missed ? 'missed_call' : 'call_ended',
        call: { ...stored.call, callerName: stored.callerName },
        ended: endOf(event, to.ownerId),
        key,
        to,
        preview,
        expiresAtMs,
        ttlSeconds: Math.max(1, Math.ceil((expiresAtMs - now()) / 1000)),
        maxBytes,
      }),
  }
}

function endOf({ reason, userId }: CallEnded, ownerId: string): CallEnd | undefined {
  if (reason === 'missed' || reason === 'ended') return undefined
  return { reason, bySomeoneElse: reason === 'accepted' && userId !== ownerId }
}
