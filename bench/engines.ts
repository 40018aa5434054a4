import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { rabbitMqBroker } from '../server/src/broker/rabbitmq/rabbitmq-broker.ts'
import { mongoStore } from '../server/src/store/mongodb/mongo-store.ts'
import { findServer, wireServerCache } from '../server/test/mongodb/find-server.ts'
import { startRabbitMq } from '../server/test/rabbitmq/start-rabbitmq.ts'
import type { Benchmark, BenchmarkOptions, Report } from './benchmark.ts'
import { writeCaFile } from './ca-file.ts'
import { addPeople, eventsOf } from './fill-data-dir.ts'
import { measureDrain } from './measure-drain.ts'
import type { Rig } from './rig.ts'
import { startServer } from './server-process.ts'
import { startSink } from './sink.ts'
import { spread } from './statistics.ts'
import { makeSubscribers } from './subscribers.ts'
import { inTemporaryDirectory } from './temporary-directory.ts'

const people = 2000
/** Inserts under way while people are added: a server on two processors bears no more. */
const together = 20
const silent = { info() {}, warn: console.warn, error: console.error }

/**
 * What a push costs a worker on RabbitMQ and MongoDB. Only when asked for: it needs both, and the engines share this
 * machine's processors with what is measured.
 */
export const engines: Benchmark = {
  name: 'engines',
  run: (options) => inTemporaryDirectory((directory) => measure(options, directory)),
}

interface EnginesRig extends Rig {
  readonly rabbitMqUrl: string
  readonly mongoDbUrl: string
}

async function measure({ quick, say }: BenchmarkOptions, directory: string): Promise<Report> {
  const rounds = quick ? 1 : 3
  const pushes = quick ? 1000 : 6000
  await using opened = new AsyncDisposableStack()
  const subscribers = makeSubscribers(people)
  const sink = await startSink(subscribers)
  opened.defer(() => sink.close())
  const server = await findServer({
    environment: process.env,
    cacheDir: wireServerCache(process.env),
  })
  if (typeof server === 'string') throw new Error(server)
  opened.defer(() => server.stop())
  const rabbitMq = await startRabbitMq()
  opened.defer(() => rabbitMq.stop())
  const mongoDbUrl = new URL(`belfry-bench-${process.pid}`, server.url).href
  const caFile = writeCaFile(directory)
  const store = await mongoStore({ url: mongoDbUrl })
  await addPeople(store, planOf({ sink, subscribers }, 0), together)
  await store.close()
  const cpuUs: number[] = []
  const perSecond: number[] = []
  const memoryMb: number[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const rabbitMqUrl = await rabbitMq.addVhost(`bench-${round}`)
    const rig = { directory, caFile, sink, subscribers, rabbitMqUrl, mongoDbUrl }
    const cost = await drain(rig, pushes)
    say(`round ${round}: ${cost.cpuUsPerPush.toFixed(0)} us a push`)
    cpuUs.push(cost.cpuUsPerPush)
    perSecond.push(cost.pushesPerSecond)
    memoryMb.push(cost.rssMb)
  }
  return {
    title: 'A worker on RabbitMQ and MongoDB',
    method: [
      `\`belfry start --roles web-push\` drains ${pushes} messages of conversations of two, one device each, from RabbitMQ; devices, preferences, read marks and the ledger are in ${server.kind}. All of it, the push service too, shares this machine's processors.`,
      `CPU is user and system time of the worker alone from the moment a fifth has arrived until its lane is empty. ${rounds} round(s), median (least–most).`,
    ],
    tables: [
      {
        columns: ['what', 'CPU a push, us', 'pushes/s', 'most memory, MB'],
        rows: [
          ['one worker, conversations of two', spread(cpuUs), spread(perSecond), spread(memoryMb)],
        ],
      },
    ],
    targets: [],
  }
}

async function drain(rig: EnginesRig, pushes: number) {
  const { sink, subscribers, caFile, rabbitMqUrl, mongoDbUrl } = rig
  const { origin } = sink
  const broker = await rabbitMqBroker({ url: rabbitMqUrl, log: silent, now: Date.now })
  await Promise.all(eventsOf(planOf(rig, pushes)).map((event) => broker.publish(event)))
  await broker.close()
  const dataDir = join(rig.directory, 'data')
  mkdirSync(dataDir)
  const before = (await sink.stats()).accepted
  const part = { role: 'web-push', rabbitMqUrl, mongoDbUrl } as const
  const server = await startServer({ dataDir, subscribers, origin, caFile, part })
  try {
    return await measureDrain(server, { sink, before, pushes })
  } finally {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

function planOf({ sink, subscribers }: Pick<Rig, 'sink' | 'subscribers'>, messages: number) {
  return { origin: sink.origin, subscribers, messages, queued: true, recipients: 1 }
}
