import { eventId, type IncomingCallPushMessage } from '@belfry/contracts'
import { stateAt } from '@belfry/ring'
import type { Device } from '../devices/device.ts'
import { logLines } from '../observability/log-lines.ts'
import type { CallPush } from './call-push.ts'
import { refuseCall } from './policy.ts'
import type { PushWork } from './push-work.ts'

const deadlineMs = 5000

/** A ring, to every device of every callee, for as long as the call rings. */
export async function deliverRing<To extends Device, Content>(
  work: PushWork<To, Content>,
  event: IncomingCallPushMessage,
  how: { only: string | null; write: (push: CallPush<To>) => Content },
): Promise<void> {
  const { channel } = work
  work.log.info(logLines.consumingCall(channel.name, event.sessionId))
  const expiresAtMs = Date.parse(event.expiresAt)
  const tellAtFirst = once(() => {
    tellCaller(work, event.sessionId).catch((cause: unknown) => {
      const line = `${channel.name}: the caller could not be told that devices ring`
      work.log.warn({ err: cause }, line)
    })
  })

  const { accepted } = await work.fanOut({
    eventId: eventId(event),
    kind: 'incoming_call',
    subjectId: event.sessionId,
    recipientIds: event.calleeIds,
    only: how.only,
    refusePerson: (_userId, preferences) => refuseCall(preferences),
    plan: (device, key, preferences) => ({
      key,
      event,
      queue: channel.queues.calls,
      pace: 'ring',
      expiresAtMs,
      deadlineMs,
      lastCheck: async () =>
        (await ringsFor(work, event.sessionId, device.ownerId))
          ? { kind: 'send' }
          : { kind: 'refuse', reason: 'call_over' },
      write: (to, maxBytes) =>
        how.write({
          type: 'incoming_call',
          call: event,
          key,
          to,
          preview: preferences?.preview ?? 'auto',
          expiresAtMs,
          // TTL is what is left of the ring: a push service never keeps it longer.
          ttlSeconds: Math.max(1, Math.ceil((expiresAtMs - work.now()) / 1000)),
          maxBytes,
        }),
    }),
    // A device that hangs must not keep the caller from hearing of those that ring.
    onAccepted: tellAtFirst,
  })

  if (accepted > 0) work.log.info(logLines.sentCall(channel.name, event.sessionId))
  // Also when nobody was reached: the caller is told the truth.
  await tellCaller(work, event.sessionId)
}

type Knowing = Pick<PushWork<never, never>, 'store' | 'calls' | 'tombstones' | 'now'>

async function tellCaller({ store, calls }: Knowing, sessionId: string): Promise<void> {
  const stored = await store.calls.byId(sessionId)
  if (stored !== null) await calls.announce(stored)
}

/** The call's state right before the POST: a tombstone for a ring that comes too late. */
async function ringsFor(work: Knowing, sessionId: string, userId: string): Promise<boolean> {
  const stored = await work.store.calls.byId(sessionId)
  if (stored === null) return !(await work.tombstones.isOver(sessionId, userId))
  if (stateAt(stored.call, work.now()) !== 'ringing') return false
  return stored.call.callees.find((each) => each.id === userId)?.state === 'ringing'
}

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    act()
  }
}
