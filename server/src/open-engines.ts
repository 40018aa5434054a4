import type { Broker } from './broker/port.ts'
import { sqliteBroker } from './broker/sqlite/sqlite-broker.ts'
import type { Config } from './config.ts'
import type { Log } from './observability/log.ts'
import { openSqliteFile } from './sqlite/open-sqlite-file.ts'
import type { Store } from './store/port.ts'
import { sqliteStore } from './store/sqlite/sqlite-store.ts'

/** What everything stands on. */
export interface Engines {
  readonly store: Store
  readonly broker: Broker
}

export interface OpenEnginesOptions {
  readonly config: Pick<Config, 'DATA_DIR' | 'MONGODB_URL' | 'RABBITMQ_URL'>
  readonly log: Log
  /** Never goes backwards. Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * MongoDB and RabbitMQ where their addresses are given, the embedded file for what is not.
 * Whatever is opened is deferred to `opened`, to be closed in the opposite order.
 */
export async function openEngines(
  { config, log, now }: OpenEnginesOptions,
  opened: AsyncDisposableStack,
): Promise<Engines> {
  const { MONGODB_URL, RABBITMQ_URL } = config
  const embedded = () => {
    const file = openSqliteFile({ dir: config.DATA_DIR })
    opened.defer(() => file.close())
    return file
  }
  const file = MONGODB_URL === undefined || RABBITMQ_URL === undefined ? embedded() : null
  const store =
    MONGODB_URL === undefined && file !== null
      ? sqliteStore(file)
      : await openMongoStore(MONGODB_URL ?? '', log)
  opened.defer(() => store.close())
  const broker =
    RABBITMQ_URL === undefined && file !== null
      ? sqliteBroker({ file, now, log })
      : await openRabbitMqBroker(RABBITMQ_URL ?? '', { log, now })
  opened.defer(() => broker.close())
  return { store, broker }
}

// Loaded only where they are used: the two drivers are 20 MB of memory and a tenth of the start.

async function openMongoStore(url: string, log: Log): Promise<Store> {
  const { mongoStore } = await import('./store/mongodb/mongo-store.ts')
  return mongoStore({ url, log })
}

async function openRabbitMqBroker(
  url: string,
  options: { log: Log; now: () => number },
): Promise<Broker> {
  const { rabbitMqBroker } = await import('./broker/rabbitmq/rabbitmq-broker.ts')
  return rabbitMqBroker({ url, ...options })
}
