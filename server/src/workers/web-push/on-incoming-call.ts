import {
  eventId,
  type IncomingCallPushMessage,
  type NotificationPreferences,
} from '@belfry/contracts'
import { stateAt } from '@belfry/ring'
import type { DeliveryJob, PushContent } from '../../delivery/deliver.ts'
import { refuseCall } from '../../delivery/policy.ts'
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
  const tellAtFirst = once(() => {
    tellCaller(context, event.sessionId).catch((cause: unknown) => {
      context.log.warn({ err: cause }, 'WebPush: the caller could not be told that devices ring')
    })
  })

  const { accepted } = await context.fanOut({
    eventId: eventId(event),
    kind: 'incoming_call',
    subjectId: event.sessionId,
    recipientIds: event.calleeIds,
    only,
    refusePerson: (_userId, preferences) => refuseCall(preferences),
    plan: (device, key, preferences): DeliveryJob => ({
      key,
      event,
      queue: 'web-push.calls',
      pace: 'ring',
      expiresAtMs,
      deadlineMs,
      lastCheck: async () =>
        (await ringsFor(context, event.sessionId, device.ownerId))
          ? { kind: 'send' }
          : { kind: 'refuse', reason: 'call_over' },
      write: (to, maxBytes) =>
        ring(context, { event, key, to: to.id, preferences, expiresAtMs, maxBytes }),
    }),
    // A device that hangs must not keep the caller from hearing of those that ring.
    onAccepted: tellAtFirst,
  })

  if (accepted > 0) context.log.info(logLines.sentCall('WebPush', event.sessionId))
  // Also when nobody was reached: the caller is told the truth.
  await tellCaller(context, event.sessionId)
}

async function tellCaller(context: WorkerContext, sessionId: string): Promise<void> {
  const stored = await context.store.calls.byId(sessionId)
  if (stored !== null) await context.calls.announce(stored)
}

/** The call's state right before the POST: a tombstone for a ring that comes too late. */
async function ringsFor(
  context: WorkerContext,
  sessionId: string,
  userId: string,
): Promise<boolean> {
  const stored = await context.store.calls.byId(sessionId)
  if (stored === null) return !(await context.tombstones.isOver(sessionId, userId))
  if (stateAt(stored.call, context.now()) !== 'ringing') return false
  return stored.call.callees.find((each) => each.id === userId)?.state === 'ringing'
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

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    act()
  }
}
