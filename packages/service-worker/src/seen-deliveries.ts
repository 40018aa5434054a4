/**
 * Which deliveries this browser has handled, so that a repeated one does not alert again.
 *
 *   (unknown) --claim--> claimed --settle('shown')--> shown --settle('clicked')--> clicked
 *
 * A worker may be killed between claim and show: a claim older than 10 s counts for nothing.
 * Kept is a map from delivery to `shown`, `clicked`, or the milliseconds of its claim.
 */
import { asMap, keepNewest, withNewest } from './bounded-map.ts'
import type { PushFacts } from './read-push.ts'
import type { RecordKey, RecordStore } from './record/index.ts'

type Delivery = Pick<PushFacts, 'id' | 'type'>

const claimLimitMs = 10_000

/** True when this delivery was not shown before; from then on it belongs to the caller. */
export async function claim(
  store: RecordStore,
  delivery: Delivery,
  nowMs: number,
): Promise<boolean> {
  const { id } = delivery
  let isNew = true
  if (!id) return isNew
  await store.change(lane(delivery), (current) => {
    const stage = asMap(current).get(id)
    isNew = !stage || (typeof stage === 'number' && nowMs - stage > claimLimitMs)
    return isNew ? withNewest(current, id, nowMs) : current
  })
  return isNew
}

export async function settle(
  store: RecordStore,
  delivery: Delivery,
  stage: 'shown' | 'clicked',
): Promise<void> {
  if (delivery.id) await keepNewest(store, lane(delivery), [delivery.id, stage])
}

/** Firefox reports a notification as closed also when we close it for a click or a page. */
export async function wasClicked(store: RecordStore, delivery: Delivery): Promise<boolean> {
  return asMap(await store.read(lane(delivery))).get(delivery.id) === 'clicked'
}

/** A lane for each type, so that a busy chat cannot push a call out. */
function lane({ type }: Delivery): RecordKey {
  return `seen-${type}`
}
