import type { Call } from '@belfry/contracts'
import { ProblemError, type Reply } from './request.ts'
import type { Api } from './api.ts'
import type { CallReply, RingApi } from './ring.ts'

type CallRoutes = Pick<
  Api,
  'calls' | 'findCall' | 'acceptCall' | 'declineCall' | 'cancelCall' | 'endCall'
>

/** The ring's questions as requests. `deviceId` says which browser answered, so that it is not told so. */
export function ringApi(api: CallRoutes, deviceId: () => string | undefined): RingApi {
  return {
    async ringing() {
      const reply = await api.calls('ringing')
      if (!reply.ok) throw new ProblemError(reply.problem)
      return reply.value.calls
    },
    find: (sessionId) => settled(api.findCall(sessionId)),
    accept(sessionId) {
      const id = deviceId()
      return settled(api.acceptCall(sessionId, id === undefined ? {} : { deviceId: id }))
    },
    decline: (sessionId) => settled(api.declineCall(sessionId)),
    cancel: (sessionId) => settled(api.cancelCall(sessionId)),
    end: (sessionId) => settled(api.endCall(sessionId)),
  }
}

async function settled(asked: Promise<Reply<Call>>): Promise<CallReply> {
  const reply = await asked
  if (reply.ok) return { kind: 'call', call: reply.value }
  const { status } = reply.problem
  if (status === 409) return { kind: 'refused' }
  // A foreign call is hidden as well as forbidden: neither exists for us.
  return status === 404 || status === 403 ? { kind: 'unknown' } : { kind: 'unreachable' }
}
