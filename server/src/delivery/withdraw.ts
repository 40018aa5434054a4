import type { Sender } from '@belfry/web-push'
import type { DeliveryStore, DeviceStore, MessageStore } from '../store/port.ts'
import type { Delivery } from './delivery.ts'
import { inParallel } from './in-parallel.ts'

/**
 * Takes back what push services still keep of a conversation for somebody who has read all of it.
 * Best effort: what a device has fetched already is not there any more.
 */
export type Withdraw = (ownerId: string, conversationId: string) => Promise<void>

export interface WithdrawOptions {
  readonly deliveries: Pick<DeliveryStore, 'unshown'>
  readonly devices: Pick<DeviceStore, 'byId'>
  readonly messages: Pick<MessageStore, 'unread'>
  readonly sender: Pick<Sender, 'withdraw'>
  readonly now: () => number
}

/** Looked at: a person has at most 20 devices, and only the newest of each can be left. */
const most = 40
/** Older ones have expired at the push service. */
const keptMs = 24 * 3_600_000
/** Remembered as withdrawn, so that reading on does not ask again. */
const mostRemembered = 10_000

export function createWithdraw(options: WithdrawOptions): Withdraw {
  const withdrawn = new Set<string>()

  function remember(deliveryId: string): void {
    withdrawn.add(deliveryId)
    const [oldest] = withdrawn
    if (withdrawn.size > mostRemembered && oldest !== undefined) withdrawn.delete(oldest)
  }

  return async (ownerId, conversationId) => {
    // All messages of a conversation share a Topic: taking an older one back would take the newest too.
    const unread = await options.messages.unread(ownerId, [conversationId])
    if ((unread.get(conversationId) ?? 0) > 0) return
    const unshown = await options.deliveries.unshown(ownerId, conversationId, most)
    const left = newestOfEachDevice(unshown).filter(
      ({ id, createdAtMs }) => !withdrawn.has(id) && createdAtMs > options.now() - keptMs,
    )
    await inParallel(left, 4, async ({ id, location, deviceRowId }) => {
      const device = deviceRowId === null ? null : await options.devices.byId(deviceRowId)
      if (device?.kind !== 'browser' || location === null) return
      const { endpoint } = device
      if (await options.sender.withdraw({ location, endpoint })) remember(id)
    })
  }
}

/** Topics replace each other in storage. Given newest first. */
function newestOfEachDevice(deliveries: readonly Delivery[]): Delivery[] {
  const byDevice = Map.groupBy(deliveries, ({ deviceRowId }) => deviceRowId)
  return [...byDevice.values()].flatMap((group) => group.slice(0, 1))
}
