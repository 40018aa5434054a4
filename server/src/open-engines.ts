import type { Broker, QueueName } from './broker/port.ts'
import { openDeadDoor } from './broker/sqlite/dead-door.ts'
import { sqliteBroker, type SqliteBroker } from './broker/sqlite/sqlite-broker.ts'
import type { Config } from './config.ts'
import type { Log } from './observability/log.ts'
import { boundedStore } from './outbox/bounded-store.ts'
import { openSqliteFile } from './sqlite/open-sqlite-file.ts'
import type { Reader, SqliteFile } from './sqlite/sqlite-file.ts'
import { hasPhones } from './store/sqlite/sqlite-devices.ts'
import type { Store } from './store/port.ts'
import { sqliteStore } from './store/sqlite/sqlite-store.ts'

/** What everything stands on. */
export interface Engines {
  readonly store: Store
  readonly broker: Broker
}

export interface OpenEnginesOptions {
  readonly config: Pick<Config, 'DATA_DIR' | 'MONGODB_URL' | 'RABBITMQ_URL' | 'OUTBOX_MAX_PENDING'>
  readonly log: Log
  /** Never goes backwards. Milliseconds since 1970. */
  readonly now: () => number
  /** Ends the wait for engines: it rejects with the reason. */
  readonly stopping?: AbortSignal | undefined
}

/**
 * MongoDB and RabbitMQ where their addresses are given, the embedded file for what is not.
 * Whatever is opened is deferred to `opened`, to be closed in the opposite order.
 */
export async function openEngines(
  { config, log, now, stopping }: OpenEnginesOptions,
  opened: AsyncDisposableStack,
): Promise<Engines> {
  const { MONGODB_URL, RABBITMQ_URL, DATA_DIR } = config
  const file =
    MONGODB_URL === undefined || RABBITMQ_URL === undefined
      ? openSqliteFile({ dir: DATA_DIR })
      : null
  if (file !== null) opened.defer(() => file.close())
  const embedded =
    RABBITMQ_URL === undefined && file !== null ? embeddedBroker(file, { now, log }) : null
  const store =
    MONGODB_URL === undefined && file !== null
      ? sqliteStore(file, embedded ?? {})
      : await openMongoStore(MONGODB_URL ?? '', log)
  opened.defer(() => store.close())
  stopping?.throwIfAborted()
  const broker = embedded ?? (await openRabbitMqBroker(RABBITMQ_URL ?? '', { log, now, stopping }))
  opened.defer(() => broker.close())
  if (RABBITMQ_URL === undefined) {
    const door = await openDeadDoor({ dir: config.DATA_DIR, dead: broker.dead, log })
    opened.defer(() => door.close())
  }
  const mostPending = config.OUTBOX_MAX_PENDING
  return { store: boundedStore(store, { log, now, mostPending }), broker }
}

/** A team without phones does not pay for their lanes: a phone's registration and an event are writes of one file. */
function embeddedBroker(file: SqliteFile, options: { now: () => number; log: Log }): SqliteBroker {
  const isWanted = (read: Reader, queue: QueueName) =>
    !queue.startsWith('expo-push.') || hasPhones(read)
  return sqliteBroker({ file, isWanted, ...options })
}

// Loaded only where they are used: the two drivers are 20 MB of memory and a tenth of the start.

async function openMongoStore(url: string, log: Log): Promise<Store> {
  const { mongoStore } = await import('./store/mongodb/mongo-store.ts')
  return mongoStore({ url, log })
}

async function openRabbitMqBroker(
  url: string,
  { stopping, ...options }: Pick<OpenEnginesOptions, 'log' | 'now' | 'stopping'>,
): Promise<Broker> {
  const { rabbitMqBroker } = await import('./broker/rabbitmq/rabbitmq-broker.ts')
  return rabbitMqBroker({ url, ...options, ...(stopping === undefined ? {} : { stopping }) })
}
