import type { Collection, Db } from 'mongodb'
import type { Device } from '../../devices/device.ts'
import type { DeviceStore } from '../port.ts'
import type { Attempt, Turn } from './attempt.ts'
import { toDevice, toDocument, type DeviceDocument } from './device-document.ts'
import { gatherByKey } from './gather.ts'
import { keyOf } from './key-of.ts'
import { isDuplicate, LostRaceError } from './wire-errors.ts'

/** Two keys of one row must be unique, and both may change: so they are unique indexes, and `_id` is the row's id. */
export function mongoDevices(db: Db, attempt: Attempt): DeviceStore {
  const devices = db.collection<DeviceDocument>('devices')
  const one = (wanted: Parameters<typeof devices.findOne>[0] & object) =>
    attempt('read a device', async () => {
      const found = await devices.findOne(wanted)
      return found === null ? null : toDevice(found)
    })
  const ofOwners = gatherByKey(
    async (ownerIds) => {
      const found = devices.find({ ownerId: { $in: ownerIds } })
      return (await found.sort({ ownerId: 1, createdAtMs: 1, _id: 1 }).toArray()).map(toDevice)
    },
    ({ ownerId }) => ownerId,
  )
  return {
    insert: (device) =>
      attempt('store a device', ({ token }) => insert(devices, toDocument(device, token))),

    byId: (id) => one({ _id: id }),
    byEndpoint: (endpointHash) => one({ endpointHash }),
    byDeviceId: (ownerId, deviceId) => one({ deviceKey: keyOf(ownerId, deviceId) }),

    ofOwner: (ownerId) =>
      attempt('read devices', async () => {
        const found = await devices.find({ ownerId }).sort({ createdAtMs: 1, _id: 1 }).toArray()
        return found.map(toDevice)
      }),

    ofOwners: (ownerIds) => attempt('read devices', () => ofOwners(ownerIds)),

    replace: (previous, next) =>
      attempt('change a device', (turn) => replace(devices, { previous, next }, turn)),

    remove: (id, onlyIf = {}) =>
      attempt('forget a device', async ({ unsure }) => {
        const { deletedCount } = await devices.deleteOne({ _id: id, ...onlyIf })
        if (deletedCount > 0) return true
        // Nothing is left that says who deleted it. An earlier try of this one may have, and its answer got lost.
        return unsure && (await devices.findOne({ _id: id })) === null
      }),

    async note(id, endpointHash, news) {
      const known = Object.entries(news).filter(([, value]) => value !== undefined)
      if (known.length === 0) return
      await attempt('note news of a device', async () => {
        await devices.updateOne({ _id: id, endpointHash }, { $set: Object.fromEntries(known) })
      })
    },
  }
}

async function insert(
  devices: Collection<DeviceDocument>,
  document: DeviceDocument,
): Promise<'inserted' | 'taken'> {
  const { _id, endpointHash, deviceKey, by } = document
  const keys = [{ _id }, { endpointHash }, ...(deviceKey === undefined ? [] : [{ deviceKey }])]
  // Read first: of many who insert the same endpoint at once, FerretDB ends some with a deadlock.
  const holder = await devices.findOne({ $or: keys })
  if (holder !== null) return holder.by === by ? 'inserted' : 'taken'
  try {
    await devices.insertOne(document)
    return 'inserted'
  } catch (error) {
    if (!isDuplicate(error)) throw error
    // By whom? The next try reads it.
    throw new LostRaceError('a device')
  }
}

async function replace(
  devices: Collection<DeviceDocument>,
  { previous, next }: { previous: Device; next: Device },
  { token, unsure }: Turn,
): Promise<'replaced' | 'changed' | 'taken'> {
  const { id: _id, endpointHash, generation } = previous
  try {
    const { _id: _, ...document } = toDocument(next, token)
    const replaced = await devices.replaceOne({ _id, endpointHash, generation }, document)
    if (replaced.modifiedCount > 0) return 'replaced'
  } catch (error) {
    if (!isDuplicate(error)) throw error
    return 'taken'
  }
  const own = unsure && (await devices.findOne({ _id, by: token })) !== null
  return own ? 'replaced' : 'changed'
}
