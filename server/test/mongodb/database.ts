import { MongoClient, type Db } from 'mongodb'
import { inject } from 'vitest'

/** A database of its own on the server of this run. */
export interface TestDatabase {
  readonly url: string
  /** Past the store, to look at what is there and to put there what a store would not. */
  readonly db: Db
  /** Every document goes; collections and indexes stay, which is quicker than making them anew. */
  empty(): Promise<void>
  /**
   * Stops the server's own housekeeping until a store is opened again: the samples are of a day that
   * has passed, and it would take them away.
   */
  keepOld(): Promise<void>
  /** Deletes the database. */
  drop(): Promise<void>
}

/** Null without a server; `missingServer` says why. */
export const serverUrl = inject('mongodbUrl') ?? null
export const missingServer = inject('mongodbMissing') ?? 'start it by its own vitest project'

export async function openDatabase(name: string): Promise<TestDatabase> {
  if (serverUrl === null) throw new Error(missingServer)
  return openDatabaseOn(serverUrl, name)
}

/** The same on a server that these tests found themselves. */
export async function openDatabaseOn(server: string, name: string): Promise<TestDatabase> {
  const client = await new MongoClient(server).connect()
  // Another run on the same server has other databases.
  const db = client.db(`belfry-test-${process.pid}-${name}`)
  await db.dropDatabase()
  return {
    url: withDatabase(server, db.databaseName),
    db,
    async empty() {
      const collections = await db.listCollections({}, { nameOnly: true }).toArray()
      await Promise.all(collections.map((each) => db.collection(each.name).deleteMany({})))
    },
    async keepOld() {
      const collections = await db.listCollections({}, { nameOnly: true }).toArray()
      for (const { name } of collections) {
        for (const index of await db.collection(name).indexes()) {
          if (index.expireAfterSeconds === undefined || index.name === undefined) continue
          await db.collection(name).dropIndex(index.name)
        }
      }
    },
    async drop() {
      await db.dropDatabase()
      await client.close()
    },
  }
}

function withDatabase(url: string, name: string): string {
  const [, head = url, options = ''] =
    /^(mongodb(?:\+srv)?:\/\/[^/?]+)\/?[^?]*(\?.*)?$/.exec(url) ?? []
  return `${head}/${name}${options}`
}
