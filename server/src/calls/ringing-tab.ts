import { stateAt } from '@belfry/ring'
import type { DeliveryKey } from '../delivery/delivery.ts'
import { callRingEventId, deliveryId } from '../delivery/delivery-id.ts'
import type { CallStore, DeliveryStore, DeviceStore } from '../store/port.ts'

export interface RingingTabStore {
  readonly calls: Pick<CallStore, 'byId'>
  readonly devices: Pick<DeviceStore, 'byDeviceId'>
  readonly deliveries: Pick<DeliveryStore, 'claim' | 'settle' | 'receipt'>
}

/** Nothing is attempted under this lease: the row is settled at once. */
const leaseMs = 1000

/**
 * An open tab rings that no push could have told of, because its browser has no subscription: on record
 * like a delivery without a device, so that the caller is told the truth. A browser that has one tells by
 * its receipt. False: nothing new to tell the caller.
 */
export async function noteRingingTab(
  store: RingingTabStore,
  tab: { sessionId: string; userId: string; deviceId: string },
  nowMs: number,
): Promise<boolean> {
  const stored = await store.calls.byId(tab.sessionId)
  if (stored === null || stateAt(stored.call, nowMs) !== 'ringing') return false
  if (!stored.call.callees.some((callee) => callee.id === tab.userId)) return false
  if ((await store.devices.byDeviceId(tab.userId, tab.deviceId)) !== null) return false
  const eventId = callRingEventId(tab.sessionId)
  const key: DeliveryKey = {
    id: deliveryId(eventId, `tab\n${tab.userId}\n${tab.deviceId}`),
    eventId,
    kind: 'incoming_call',
    ownerId: tab.userId,
    deviceRowId: null,
    subjectId: tab.sessionId,
  }
  const claim = await store.deliveries.claim(key, { nowMs, leaseMs })
  if (claim.kind !== 'claimed') return false
  await store.deliveries.settle(key.id, { state: 'accepted', reason: 'open_tab' }, nowMs)
  return store.deliveries.receipt(key.id, 'shown', nowMs)
}
