import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storeConformance, type StoreLab } from '../../src/store/conformance.ts'
import { device } from '../../src/store/conformance/samples.ts'
import { mongoStore } from '../../src/store/mongodb/mongo-store.ts'
import type { Store } from '../../src/store/port.ts'
import { openDatabase, serverUrl, type TestDatabase } from './database.ts'

describe.skipIf(serverUrl === null)('with a MongoDB-wire server', () => {
  let database: TestDatabase

  beforeAll(async () => {
    database = await openDatabase('conformance')
  })

  afterAll(async () => {
    await database.drop()
  })

  async function open(): Promise<Store> {
    const store = await mongoStore({ url: database.url })
    await database.keepOld()
    return store
  }

  // A process cannot die in here: it is left alone instead, as the server would see it, and closed at the end.
  async function openLab(): Promise<StoreLab> {
    await database.empty()
    const store = await open()
    const opened = [store]
    const again = async () => {
      const next = await open()
      opened.push(next)
      return next
    }
    return {
      store,
      async reopen() {
        await store.close()
        return await again()
      },
      crash: again,
      async dispose() {
        await Promise.all(opened.map((each) => each.close()))
      },
    }
  }

  storeConformance('MongoDB', openLab)

  test('a device that was stored before there were phones is a browser', async () => {
    const lab = await openLab()
    const old = device('d1', { deviceId: 'laptop' })
    await lab.store.devices.insert(old)
    await database.db.collection('devices').updateMany({}, { $unset: { kind: '' } })
    expect(await lab.store.devices.byId('d1')).toEqual(old)
    const next = { ...old, endpointHash: 'new', generation: 1 }
    expect(await lab.store.devices.replace(old, next)).toBe('replaced')
    expect(await lab.store.devices.ofOwner('bob')).toEqual([next])
    await lab.dispose()
  })
})
