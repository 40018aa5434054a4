import {
  eventId,
  type IncomingCallPushMessage,
  type NotificationPreferences,
} from '@belfry/contracts'
import { stateAt } from '@belfry/ring'
import type { DeliveryJob, PushContent } from '../../delivery/deliver.ts'
import { refuseCall, type SuppressionReason } from '../../delivery/policy.ts'
import { logLines } from '../../observability/log-lines.ts'
import { callContent } from './call-content.ts'
import type { WorkerContext } from './worker-context.ts'

const deadlineMs = 5000

/** A ring, to every device of every callee, for as long as the call rings. */
export async function onIncomingCall(
  context: WorkerContext,
  event: IncomingCallPushMessage,
  only: string | null,
): Promise<void> {
  context.log.info(logLines.consumingCall('WebPush', event.sessionId))
  const expiresAtMs = Date.parse(event.expiresAt)

  const { accepted } = await context.fanOut({
    eventId: eventId(event),
    kind: 'incoming_call',
    subjectId: event.sessionId,
    recipientIds: event.calleeIds,
    only,
    refusePerson: (_userId, preferences) => refuseCall(preferences),
    plan: (device, key, preferences) => {
      const job: DeliveryJob = {
        key,
        event,
        queue: 'web-push.calls',
        expiresAtMs,
        deadlineMs,
        stillWanted: () => overFor(context, event, device.ownerId),
        write: (to, maxBytes) =>
          ring(context, { event, key, to: to.id, preferences, expiresAtMs, maxBytes }),
      }
      return Promise.resolve({ kind: 'job', job })
    },
  })

  if (accepted > 0) context.log.info(logLines.sentCall('WebPush', event.sessionId))
  // Also when nobody was reached: the caller is told the truth.
  const stored = await context.store.calls.byId(event.sessionId)
  if (stored !== null) await context.calls.announce(stored)
}

/** The call's state right before the POST: a tombstone for a ring that comes too late. */
async function overFor(
  context: WorkerContext,
  event: IncomingCallPushMessage,
  userId: string,
): Promise<SuppressionReason | null> {
  const stored = await context.store.calls.byId(event.sessionId)
  if (stored === null) return null // Another backend's call: its own CallEnded tells.
  if (stateAt(stored.call, context.now()) !== 'ringing') return 'call_over'
  const callee = stored.call.callees.find((each) => each.id === userId)
  return callee?.state === 'ringing' ? null : 'call_over'
}

interface RingInput {
  readonly event: IncomingCallPushMessage
  readonly key: DeliveryJob['key']
  readonly to: string
  readonly preferences: NotificationPreferences | null
  readonly expiresAtMs: number
  readonly maxBytes: number
}

function ring(context: WorkerContext, input: RingInput): PushContent {
  const { event, key, to, preferences, expiresAtMs, maxBytes } = input
  return callContent(context, {
    type: 'incoming_call',
    call: event,
    key,
    to,
    preview: preferences?.preview ?? 'auto',
    expiresAtMs,
    // TTL is what is left of the ring: a push service never keeps it longer.
    ttlSeconds: Math.max(1, Math.ceil((expiresAtMs - context.now()) / 1000)),
    urgency: 'high',
    maxBytes,
  })
}
