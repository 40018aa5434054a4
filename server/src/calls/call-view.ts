import type { Call as CallView } from '@belfry/contracts'
import { stateAt } from '@belfry/ring'
import type { Delivery } from '../delivery/delivery.ts'
import { callRingEventId } from '../delivery/delivery-id.ts'
import type { DeliveryStore, DeviceStore, PeopleStore } from '../store/port.ts'
import type { StoredCall } from './stored-call.ts'

/** What a view is put together from. */
export interface CallViewStore {
  readonly people: Pick<PeopleStore, 'byIds'>
  readonly deliveries: Pick<DeliveryStore, 'ofEvent'>
  readonly devices: Pick<DeviceStore, 'byId'>
}

/**
 * A call as the API and the gateway give it. `devices` is the truth about the ring: how many push
 * services took it, and which devices said themselves that they show it.
 */
export async function callView(
  store: CallViewStore,
  stored: StoredCall,
  nowMs: number,
): Promise<CallView> {
  const { call } = stored
  const calleeIds = call.callees.map((callee) => callee.id)
  const [people, deliveries] = await Promise.all([
    store.people.byIds(calleeIds),
    store.deliveries.ofEvent(callRingEventId(call.sessionId)),
  ])
  const rings = deliveries.filter((delivery) => delivery.kind === 'incoming_call')
  const displayNames = new Map(people.map((person) => [person.id, person.displayName]))
  return {
    sessionId: call.sessionId,
    state: stateAt(call, nowMs),
    callerId: call.callerId,
    callerName: stored.callerName,
    calleeIds,
    callees: call.callees.map((callee) => ({
      id: callee.id,
      displayName: displayNames.get(callee.id) ?? callee.id,
      state: callee.state,
    })),
    media: call.media,
    conversationId: call.conversationId,
    startedAt: iso(call.startedAtMs),
    ringExpiresAt: iso(call.ringExpiresAtMs),
    acceptedAt: call.acceptedAtMs === null ? null : iso(call.acceptedAtMs),
    endedAt: call.endedAtMs === null ? null : iso(call.endedAtMs),
    devices: {
      notified: rings.filter(
        (delivery) => delivery.state === 'accepted' && delivery.deviceRowId !== null,
      ).length,
      ringing: await ringingNames(store, rings),
    },
    serverTime: iso(nowMs),
  }
}

/** Names of what said itself that it rings: devices by their receipts, and tabs without a subscription. */
async function ringingNames(store: CallViewStore, rings: readonly Delivery[]): Promise<string[]> {
  const shown = rings.filter((delivery) => delivery.shownAtMs !== null)
  const names = await Promise.all(
    shown.map(async ({ deviceRowId }) =>
      deviceRowId === null ? openTab : (await store.devices.byId(deviceRowId))?.deviceName,
    ),
  )
  return names.filter((name) => name !== undefined)
}

const openTab = 'an open tab'

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
