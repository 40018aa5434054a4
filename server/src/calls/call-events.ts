import type { DomainEvent } from '@belfry/contracts'
import type { Call, Effect } from '@belfry/ring'

/** What the ring decided, as events for the outbox. */
export function toEvents(
  effects: readonly Effect[],
  context: { call: Call; callerName: string; doneOn: string | null },
): DomainEvent[] {
  const { call, callerName, doneOn } = context
  return effects.map((effect): DomainEvent => {
    switch (effect.type) {
      case 'ring':
        return {
          type: 'IncomingCallPushMessage',
          sessionId: call.sessionId,
          callerId: call.callerId,
          callerName,
          calleeIds: [...effect.calleeIds],
          media: call.media,
          startedAt: iso(call.startedAtMs),
          expiresAt: iso(effect.expiresAtMs),
        }
      case 'stop': {
        const exceptDeviceId = effect.exceptDeviceId ?? doneOn
        return {
          type: 'CallEnded',
          sessionId: call.sessionId,
          reason: effect.reason,
          userId: effect.userId ?? call.callerId,
          endedAt: iso(effect.atMs),
          calleeIds: [...effect.calleeIds],
          ...(exceptDeviceId === null ? {} : { exceptDeviceId }),
        }
      }
      case 'hang-up':
        return {
          type: 'CallEnded',
          sessionId: call.sessionId,
          reason: 'ended',
          userId: effect.userId,
          endedAt: iso(effect.atMs),
          calleeIds: [],
        }
    }
  })
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
