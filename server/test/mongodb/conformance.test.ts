import { afterAll, beforeAll, describe } from 'vitest'
import { storeConformance, type StoreLab } from '../../src/store/conformance.ts'
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

  /** The samples are of a day that has passed: housekeeping by the server's own clock would take them away. */
  async function open(): Promise<Store> {
    const store = await mongoStore({ url: database.url })
    await database.db.collection('sessions').dropIndex('sessions_ttl')
    await database.db.collection('deliveries').dropIndex('deliveries_ttl')
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
})
