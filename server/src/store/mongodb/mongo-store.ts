import { randomBytes } from 'node:crypto'
import { MongoClient, MongoError, type MongoClientOptions } from 'mongodb'
import type { Log } from '../../observability/log.ts'
import type { Store } from '../port.ts'
import { StoreUnavailableError } from '../store-unavailable-error.ts'
import { createAttempt, type Attempt } from './attempt.ts'
import { databaseName, StoreUrlError } from './database-name.ts'
import { ensureIndexes } from './ensure-indexes.ts'
import { indexes } from './indexes.ts'
import { mongoCalls } from './mongo-calls.ts'
import { mongoConversations } from './mongo-conversations.ts'
import { mongoDeliveries } from './mongo-deliveries.ts'
import { mongoDevices } from './mongo-devices.ts'
import { mongoExpoTickets } from './mongo-expo-tickets.ts'
import { mongoMessages } from './mongo-messages.ts'
import { mongoOutbox } from './mongo-outbox.ts'
import { mongoPeople } from './mongo-people.ts'
import { mongoPreferences } from './mongo-preferences.ts'
import { mongoSessions } from './mongo-sessions.ts'
import { reviveClient } from './revive-client.ts'
import { StoreUnreachableError, type MongoPlace } from './store-unreachable-error.ts'
import { watchConnection } from './watch-connection.ts'

export interface MongoStoreOptions {
  /** `mongodb:` or `mongodb+srv:`, with the database's name. Any server that speaks MongoDB's protocol. */
  readonly url: string
  readonly log?: Pick<Log, 'info' | 'warn'>
}

/** The API answers 503 within five seconds; each wait below fits into that. */
const patienceMs = 4800
const waitMs = 4500
/** Building an index over what is there may take long. */
const preparing = { patienceMs: 3_600_000, mostTries: 8 }

/**
 * A write is answered once a majority has it in its journal; a read sees only what a majority has, so that nobody
 * is told of a write that an election may undo. Nothing here needs transactions, change streams, or the server's
 * own retries (Amazon DocumentDB and FerretDB have none): operations are written to be repeated.
 */
const guarantees: MongoClientOptions = {
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: waitMs },
  readConcern: { level: 'majority' },
  readPreference: 'primary',
  retryWrites: false,
  ignoreUndefined: true,
  appName: 'belfry',
}
const waits: MongoClientOptions = {
  serverSelectionTimeoutMS: waitMs,
  connectTimeoutMS: waitMs,
  waitQueueTimeoutMS: waitMs,
  /** A primary that is gone, or back, is noticed so soon. */
  heartbeatFrequencyMS: 2000,
  /** After a connection broke, the server is asked again so soon; the driver's own 500 ms would be felt. */
  minHeartbeatFrequencyMS: 50,
  maxPoolSize: 50,
}
/** The driver itself gives a look at a server at most `connectTimeoutMS` and `heartbeatFrequencyMS`. */
const stuckAfterMs = 10_000
/** A server that took a request and never answers must not hold a connection for ever. */
const socketTimeoutMS = 30_000

/**
 * The store of any number of processes, in MongoDB. Makes its indexes first; resolves once it may be used.
 *
 * @throws StoreUrlError when the URL is none, or names no database.
 * @throws StoreUnreachableError when no server takes us and our writes within five seconds; it says why.
 * @throws IndexMismatchError when an index is there that is not the one needed; it says what to do.
 */
export async function mongoStore({ url, log }: MongoStoreOptions): Promise<Store> {
  const name = databaseName(url)
  const parts = { newToken: tokens(), random: Math.random }
  await prepare(url, { name, attempt: createAttempt({ ...parts, ...preparing }) })
  const client = await connect(url, { ...guarantees, ...waits, socketTimeoutMS })
  const unwatch = log === undefined ? () => {} : watchConnection(client, log)
  const stopReviving = reviveClient({ client, log: log ?? { warn: () => {} }, stuckAfterMs })
  const attempt = createAttempt({ ...parts, patienceMs })
  const db = client.db(name)
  const pings = db.collection<{ _id: string; count: number }>('pings')
  return {
    people: mongoPeople(db, attempt),
    sessions: mongoSessions(db, attempt),
    conversations: mongoConversations(db, attempt),
    messages: mongoMessages(db, attempt),
    calls: mongoCalls(db, attempt),
    devices: mongoDevices(db, attempt),
    preferences: mongoPreferences(db, attempt),
    deliveries: mongoDeliveries(db, attempt),
    expoTickets: mongoExpoTickets(db, attempt),
    outbox: mongoOutbox(db, attempt),
    ping: () =>
      attempt('write a ping', async () => {
        await pings.updateOne({ _id: 'ping' }, { $inc: { count: 1 } }, { upsert: true })
      }),
    async close() {
      unwatch()
      await stopReviving()
      await client.close()
    },
  }
}

/** Of this process and no other; drawing each would cost 20 us. */
function tokens(): () => string {
  const ours = randomBytes(12).toString('base64url')
  let made = 0
  return () => `${ours}.${(made += 1).toString(36)}`
}

/** By a connection of its own, that waits as long as an index takes. */
async function prepare(
  url: string,
  { name, attempt }: { name: string; attempt: Attempt },
): Promise<void> {
  const client = await connect(url, { ...guarantees, ...waits })
  try {
    await ensureIndexes(client.db(name), attempt, indexes)
  } catch (cause) {
    throw cause instanceof StoreUnavailableError
      ? new StoreUnreachableError(placeOf(client), cause.cause)
      : cause
  } finally {
    await client.close()
  }
}

async function connect(url: string, options: MongoClientOptions): Promise<MongoClient> {
  const client = clientOf(url, options)
  try {
    return await client.connect()
  } catch (cause) {
    await client.close()
    throw new StoreUnreachableError(placeOf(client), cause)
  }
}

/** What the URL says, without its password. */
function placeOf({ options }: MongoClient): MongoPlace {
  const { hosts, srvHost, credentials, dbName, replicaSet } = options
  return {
    hosts: srvHost === undefined ? hosts.map(String) : [srvHost],
    user: credentials?.username ?? null,
    database: dbName,
    replicaSet: replicaSet ?? null,
  }
}

function clientOf(url: string, options: MongoClientOptions): MongoClient {
  try {
    return new MongoClient(url, options)
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause
    throw new StoreUrlError(`cannot be used: ${cause.message}`)
  }
}
