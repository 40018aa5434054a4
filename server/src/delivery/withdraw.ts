import type { Sender } from '@belfry/web-push'
import type { DeliveryStore, DeviceStore } from '../store/port.ts'
import { inParallel } from './in-parallel.ts'

/**
 * Takes back what push services still keep of a conversation for somebody who has read it.
 * Best effort: what a device has fetched already is not there any more.
 */
export type Withdraw = (ownerId: string, conversationId: string) => Promise<void>

export interface WithdrawOptions {
  readonly deliveries: Pick<DeliveryStore, 'unshown'>
  readonly devices: Pick<DeviceStore, 'byId'>
  readonly sender: Pick<Sender, 'withdraw'>
}

/** Topics replace each other in storage, so that only the newest of each device can be left. */
const most = 20

export function createWithdraw(options: WithdrawOptions): Withdraw {
  return async (ownerId, conversationId) => {
    const stored = await options.deliveries.unshown(ownerId, conversationId, most)
    await inParallel(stored, 4, async ({ location, deviceRowId }) => {
      const device = deviceRowId === null ? null : await options.devices.byId(deviceRowId)
      if (device === null || location === null) return
      await options.sender.withdraw({ location, endpoint: device.endpoint })
    })
  }
}
