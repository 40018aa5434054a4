import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { indexes } from '../../src/store/mongodb/indexes.ts'
import { mongoStore } from '../../src/store/mongodb/mongo-store.ts'
import { openDatabase, serverUrl, type TestDatabase } from './database.ts'

describe.skipIf(serverUrl === null)('the indexes', () => {
  const databases: TestDatabase[] = []
  let database: TestDatabase

  beforeEach(async () => {
    database = await openDatabase(`indexes-${databases.length}`)
    databases.push(database)
  })

  afterAll(async () => {
    await Promise.all(databases.map((each) => each.drop()))
  })

  test('are made once, under their fixed names', async () => {
    for (let start = 0; start < 2; start += 1) {
      await (await mongoStore({ url: database.url })).close()
    }
    const names = await Promise.all(
      [...new Set(indexes.map(({ collection }) => collection))].map(async (collection) =>
        (await database.db.collection(collection).indexes()).map(({ name }) => name),
      ),
    )
    const made = names.flat().filter((name) => name !== '_id_')
    expect(made).toHaveLength(indexes.length)
    expect(new Set(made)).toEqual(new Set(indexes.map(({ name }) => name)))
  })

  test('one that is another than the one needed stops the start, and the message says what to do', async () => {
    await database.db.collection('people').createIndex({ email: 1 }, { name: 'people_username' })
    await expect(mongoStore({ url: database.url })).rejects.toMatchObject({
      code: 'STORE_INDEX_MISMATCH',
      message: expect.stringContaining(
        'Drop it, db.people.dropIndex("people_username"), and start again',
      ),
    })
    await database.db.collection('people').dropIndex('people_username')
    await (await mongoStore({ url: database.url })).close()
  })

  test('one on the same fields under another name is named', async () => {
    await database.db.collection('messages').createIndex({ id: 1 }, { name: 'mine' })
    await expect(mongoStore({ url: database.url })).rejects.toMatchObject({
      code: 'STORE_INDEX_MISMATCH',
      index: 'messages_id',
      message: expect.stringContaining('db.messages.dropIndex("mine")'),
    })
  })

  test('a unique one over duplicates stops the start, and the message names the field', async () => {
    const twins = ['d1', 'd2'].map((deviceName) => ({ deviceName, endpointHash: 'same' }))
    await database.db.collection('devices').insertMany(twins)
    await expect(mongoStore({ url: database.url })).rejects.toMatchObject({
      code: 'STORE_INDEX_MISMATCH',
      index: 'devices_endpoint',
      message: expect.stringContaining('several documents have the same endpointHash'),
    })
  })

  test('a document that something else changed is refused, without its content in the message', async () => {
    const store = await mongoStore({ url: database.url })
    await database.db
      .collection<{ _id: string; displayName: number }>('people')
      .insertOne({ _id: 'alice', displayName: 4711 })
    const reading = store.people.byId('alice')
    await expect(reading).rejects.toMatchObject({
      code: 'UNEXPECTED_DOCUMENT',
      collection: 'people',
      message: expect.not.stringContaining('4711'),
    })
    await store.close()
  })
})
