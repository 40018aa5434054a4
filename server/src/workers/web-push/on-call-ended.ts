import { eventId, type CallEnded, type IncomingCallPushMessage } from '@belfry/contracts'
import type { DeliveryJob } from '../../delivery/deliver.ts'
import { callRingEventId, deliveryId } from '../../delivery/delivery-id.ts'
import type { Planned } from '../../delivery/fan-out.ts'
import { refuseCall } from '../../delivery/policy.ts'
import { isApple } from '../../delivery/push-hosts.ts'
import type { Device } from '../../devices/device.ts'
import { callContent } from './call-content.ts'
import type { WorkerContext } from './worker-context.ts'

const deadlineMs = 5000
const endTtlSeconds = 60
const missedTtlSeconds = 24 * 3600
/** How long to leave a ring whose attempt is still under way. */
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
  if (stored === null) return // Another backend's call that we know nothing of: no name, no callees.
  const { call } = stored
  const missed = event.reason === 'missed' || event.reason === 'cancelled'
  const about = { ...call, callerName: stored.callerName }
  const callees = event.calleeIds ?? (missed ? call.callees.map((each) => each.id) : [event.userId])

  await context.fanOut({
    eventId: eventId(event),
    kind: missed ? 'missed_call' : 'call_ended',
    subjectId: event.sessionId,
    recipientIds: callees,
    only,
    refusePerson: (_userId, preferences) => refuseCall(preferences),
    plan: async (device, key, preferences): Promise<Planned> => {
      if (didThis(event, device)) return { kind: 'refused', reason: 'did_this' }
      if (!missed && isApple(device.endpoint))
        return { kind: 'refused', reason: 'platform_keeps_no_end' }
      const ring = await context.store.deliveries.byId(
        deliveryId(callRingEventId(event.sessionId), device.id),
      )
      if (ring?.state === 'claimed') return postpone(context, event, key)
      if (!missed && ring?.state !== 'accepted' && ring?.state !== 'retry') {
        return { kind: 'refused', reason: 'did_not_ring' }
      }
      return {
        kind: 'job',
        job: endJob(context, {
          event,
          about,
          key,
          preview: preferences?.preview ?? 'auto',
          missed,
        }),
      }
    },
  })
}

function didThis(event: CallEnded, device: Device): boolean {
  return (
    event.exceptDeviceId !== undefined &&
    (event.exceptDeviceId === device.deviceId || event.exceptDeviceId === device.id)
  )
}

async function postpone(
  context: WorkerContext,
  event: CallEnded,
  key: DeliveryJob['key'],
): Promise<Planned> {
  await context.broker.retry(
    'web-push.calls',
    {
      kind: 'delivery',
      deliveryId: key.id,
      attempt: 1,
      notBefore: new Date(context.now() + ringUnderWayMs).toISOString(),
      event,
    },
    ringUnderWayMs,
  )
  return { kind: 'postponed' }
}

interface EndInput {
  readonly event: CallEnded
  readonly about: Pick<IncomingCallPushMessage, 'sessionId' | 'callerId' | 'callerName' | 'media'>
  readonly key: DeliveryJob['key']
  readonly preview: 'auto' | 'full' | 'sender' | 'none'
  readonly missed: boolean
}

function endJob(context: WorkerContext, input: EndInput): DeliveryJob {
  const { event, about, key, missed } = input
  const ttlSeconds = missed ? missedTtlSeconds : endTtlSeconds
  const expiresAtMs = Date.parse(event.endedAt) + ttlSeconds * 1000
  const { reason } = event
  const replaced =
    reason === 'accepted' || reason === 'declined' || reason === 'busy' || reason === 'cancelled'
  return {
    key,
    event,
    queue: 'web-push.calls',
    expiresAtMs,
    deadlineMs,
    stillWanted: () => Promise.resolve(null),
    write: (to, maxBytes) =>
      callContent(context, {
        type: missed ? 'missed_call' : 'call_ended',
        call: about,
        ...(replaced
          ? {
              ended: {
                reason,
                bySomeoneElse: reason === 'accepted' && event.userId !== to.ownerId,
              },
            }
          : {}),
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
