import type { PhoneDevice } from '../devices/device.ts'
import type { Hold } from './push-channel.ts'
import type { SendRejected } from './send-outcome.ts'

/**
 * A project's credentials are refused: whatever is sent for it fails until its operator has looked,
 * so nothing is sent for ten minutes, and then it is tried again. Messages wait that long; a ring does not.
 *
 * What this process has seen: another one learns it by its own first refusal.
 */
export interface ExpoBreakers {
  /** Why nothing is sent to that phone, and until when. Null: it is. */
  holdOf(device: Concerned): Hold | null
  /** Null when that reason opens none: the fault is not the project's. */
  open(device: Concerned, reason: SendRejected['reason']): Hold | null
}

type Concerned = Pick<PhoneDevice, 'projectId' | 'platform'>

const openForMs = 10 * 60_000

/** Whom a reason concerns: all phones of the project, or those that Google reaches. */
const breaks: ReadonlyMap<SendRejected['reason'], 'all' | 'android'> = new Map([
  ['invalid_credentials', 'all'],
  ['unauthorized', 'all'],
  ['not_expo', 'all'],
  ['mismatched_sender', 'android'],
])

export function createExpoBreakers(now: () => number): ExpoBreakers {
  const holds = new Map<string, Hold>()

  function standing(projectId: string | null, whom: 'all' | 'android'): Hold | null {
    const hold = holds.get(keyOf(projectId, whom))
    return hold !== undefined && hold.untilMs > now() ? hold : null
  }

  return {
    holdOf({ projectId, platform }) {
      if (holds.size === 0) return null
      const ofAll = standing(projectId, 'all')
      return ofAll ?? (platform === 'android' ? standing(projectId, 'android') : null)
    },
    open({ projectId }, reason) {
      const whom = breaks.get(reason)
      if (whom === undefined) return null
      const before = standing(projectId, whom)
      if (before !== null) return before
      const hold = { untilMs: now() + openForMs, reason }
      holds.set(keyOf(projectId, whom), hold)
      return hold
    },
  }
}

function keyOf(projectId: string | null, whom: 'all' | 'android'): string {
  return `${whom} ${projectId ?? ''}`
}
