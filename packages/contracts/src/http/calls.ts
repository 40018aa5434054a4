import * as z from 'zod'
import { id, instant } from '../id.ts'

export const callState = z.enum([
  'ringing',
  'accepted',
  'declined',
  'cancelled',
  'missed',
  'busy',
  'ended',
])
export type CallState = z.infer<typeof callState>

const media = z.enum(['audio', 'video'])

export const call = z.object({
  sessionId: id,
  state: callState,
  callerId: id,
  callerName: z.string(),
  calleeIds: z.array(id),
  callees: z.array(z.object({ id, displayName: z.string(), state: z.string() })),
  media,
  conversationId: id.nullable(),
  startedAt: instant,
  ringExpiresAt: instant,
  acceptedAt: instant.nullable(),
  endedAt: instant.nullable(),
  /** `notified`: push services took the ring for that many devices. `ringing`: names of devices that said they show it. */
  devices: z.object({ notified: z.int(), ringing: z.array(z.string()) }),
  /** The server's clock at this answer; clients count down by it. */
  serverTime: instant,
})
export type Call = z.infer<typeof call>

export const calls = z.object({ calls: z.array(call) })
export type Calls = z.infer<typeof calls>

export const startCallBody = z.union(
  [
    z.object({
      calleeIds: z.array(id).min(1).max(100),
      conversationId: z.null().optional(),
      media,
    }),
    z.object({ conversationId: id, calleeIds: z.null().optional(), media }),
  ],
  {
    error:
      'must be either {calleeIds, media} or {conversationId, media}, not both, media "audio" or "video"',
  },
)
export type StartCallBody = z.infer<typeof startCallBody>

export const acceptCallBody = z.object({ deviceId: id.optional() })
/** This device's open tab rings; told by the page, because no push service can. */
export const ringingTabBody = z.object({ deviceId: id })
export const declineCallBody = z.object({
  /** For a service worker, which has no token: the capability from the push. */
  receipt: z.string().optional(),
  deviceId: id.optional(),
})
export const callsQuery = z.object({ state: callState.optional() })
