import type { Call } from '@belfry/ring'
import * as z from 'zod'

const calleeState = z.enum(['ringing', 'accepted', 'declined', 'cancelled', 'missed', 'busy'])
/** A call as it lies in a store: read back, it is checked. */
export const callSchema: z.ZodType<Call> = z.object({
  sessionId: z.string(),
  callerId: z.string(),
  callees: z.array(
    z.object({ id: z.string(), state: calleeState, deviceId: z.string().nullable() }),
  ),
  media: z.enum(['audio', 'video']),
  conversationId: z.string().nullable(),
  state: z.enum([...calleeState.options, 'ended']),
  startedAtMs: z.number(),
  ringExpiresAtMs: z.number(),
  acceptedAtMs: z.number().nullable(),
  endedAtMs: z.number().nullable(),
  endedBy: z.string().nullable(),
  revision: z.number(),
})
