import { findServer, wireServerCache } from '../../server/test/mongodb/find-server.ts'
import { openDatabaseOn } from '../../server/test/mongodb/database.ts'
import { startRabbitMq, whyNoRabbitMq } from '../../server/test/rabbitmq/start-rabbitmq.ts'

/** A real RabbitMQ and a real MongoDB-wire server, as in production. */
export interface Engines {
  /** A virtual host and a database of that name, both empty, as settings of the server. */
  readonly openPlace: (name: string) => Promise<EnginePlace>
  readonly close: () => Promise<void>
}

export interface EnginePlace {
  readonly env: Readonly<Record<'MONGODB_URL' | 'RABBITMQ_URL', string>>
  /** Deletes the database. The virtual host goes with its RabbitMQ. */
  readonly close: () => Promise<void>
}

/** The engines, or a sentence that says what is missing. The first start on a machine may build one of them: minutes. */
export async function startEngines(): Promise<Engines | string> {
  const missing = whyNoRabbitMq()
  if (missing !== null) return missing
  const environment = process.env
  const mongodb = await findServer({ environment, cacheDir: wireServerCache(environment) })
  if (typeof mongodb === 'string') return mongodb
  const rabbitMq = await startRabbitMq().catch(async (error: unknown) => {
    await mongodb.stop()
    throw error
  })
  return {
    openPlace: async (name) => {
      const RABBITMQ_URL = await rabbitMq.addVhost(name)
      const database = await openDatabaseOn(mongodb.url, name)
      return { env: { MONGODB_URL: database.url, RABBITMQ_URL }, close: () => database.drop() }
    },
    close: async () => {
      await rabbitMq.stop()
      await mongodb.stop()
    },
  }
}
