import { eventId, type CallEnded } from '@belfry/contracts'
import type { StoredCall } from '../../calls/stored-call.ts'
import type { DeliveryJob, LastCheck } from '../../delivery/deliver.ts'
import { callRingEventId, deliveryId } from '../../delivery/delivery-id.ts'
import type { Delivery } from '../../delivery/delivery.ts'
import { refuseCall } from '../../delivery/policy.ts'
import { isApple } from '../../delivery/push-hosts.ts'
import type { Device } from '../../devices/device.ts'
import { callContent } from './call-content.ts'
import type { WorkerContext } from './worker-context.ts'

const deadlineMs = 5000
const endTtlSeconds = 60
const missedTtlSeconds = 24 * 3600
/** How long to leave a ring whose attempt is under way in another process. */
const ringUnderWayMs = 500

/**
 * A ring ends. Devices that rang get a visible replacement under the same tag, never a silent push:
 * browsers drop subscriptions for those. A missed or cancelled call is told to every device.
 * It waits for the device's own ring: Topics are shared, and a late ring would replace the end.
 */
export async function onCallEnded(
  context: WorkerContext,
  event: CallEnded,
  only: string | null,
): Promise<void> {
  if (event.reason === 'ended') return // Nothing rang any more when it was hung up.
  const stored = await context.store.calls.byId(event.sessionId)
  // Another backend's call: who it was is not known, but its ring must not come late.
  if (stored === null) return context.tombstones.note(event)
  const missed = event.reason === 'missed' || event.reason === 'cancelled'

  await context.fanOut({
    eventId: eventId(event),
    kind: missed ? 'missed_call' : 'call_ended',
    subjectId: event.sessionId,
    recipientIds: whoseRingEnds(event, stored),
    only,
    refusePerson: (_userId, preferences) => refuseCall(preferences),
    plan: (device, key, preferences) => {
      if (didThis(event, device)) return 'did_this'
      if (!missed && isApple(device.endpoint)) return 'platform_keeps_no_end'
      const preview = preferences?.preview ?? 'auto'
      return endJob(context, { event, stored, key, preview, missed })
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
  context: WorkerContext,
  ringId: string,
  missed: boolean,
): Promise<LastCheck> {
  const ring = await context.store.deliveries.byId(ringId)
  if (ring?.state === 'claimed' && ring.leaseUntilMs > context.now()) {
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
  readonly key: DeliveryJob['key']
  readonly preview: 'auto' | 'full' | 'sender' | 'none'
  readonly missed: boolean
}

function endJob(context: WorkerContext, input: EndInput): DeliveryJob {
  const { event, stored, key, missed } = input
  const ttlSeconds = missed ? missedTtlSeconds : endTtlSeconds
  const expiresAtMs = Date.parse(event.endedAt) + ttlSeconds * 1000
  const ringId = deliveryId(callRingEventId(event.sessionId), key.deviceRowId)
  return {
    key,
    event,
    queue: 'web-push.calls',
    pace: missed ? 'patient' : 'ring',
    expiresAtMs,
    deadlineMs,
    lastCheck: () => afterRing(context, ringId, missed),
    write: (to, maxBytes) =>
      callContent(context, {
        type: missed ? 'missed_call' : 'call_ended',
        call: { ...stored.call, callerName: stored.callerName },
        ended: endOf(event, to.ownerId),
        key,
        to: to.id,
        preview: input.preview,
        expiresAtMs,
        ttlSeconds: Math.max(1, Math.ceil((expiresAtMs - context.now()) / 1000)),
        urgency: missed ? 'normal' : 'high',
        maxBytes,
      }),
  }
}

function endOf({ reason, userId }: CallEnded, ownerId: string) {
  if (reason === 'missed' || reason === 'ended') return undefined
  return { reason, bySomeoneElse: reason === 'accepted' && userId !== ownerId }
}
