import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Benchmark, BenchmarkOptions, Report } from './benchmark.ts'
import { writeCaFile } from './ca-file.ts'
import { fillDataDir } from './fill-data-dir.ts'
import { concurrency, sendWith } from './send-with.ts'
import { measureDrain, type Cost } from './measure-drain.ts'
import type { Rig } from './rig.ts'
import { startServer } from './server-process.ts'
import { startSink } from './sink.ts'
import { median, spread } from './statistics.ts'
import { makeSubscribers } from './subscribers.ts'
import { inTemporaryDirectory } from './temporary-directory.ts'

const people = 2000
const target = 1.7
/** As long as what the worker makes of the messages. */
const payloadBytes = 900

/** Claim: with a durable queue and a ledger around it, a push still costs less than npm's `web-push` alone. */
export const worker: Benchmark = {
  name: 'worker',
  run: (options) => inTemporaryDirectory((directory) => measure(options, directory)),
}

interface Row {
  readonly name: string
  readonly cpuUs: number[]
  readonly perSecond: number[]
  readonly memoryMb: number[]
  readonly run: () => Promise<Cost>
}

async function measure({ quick, say }: BenchmarkOptions, directory: string): Promise<Report> {
  const rounds = quick ? 1 : 3
  const pushes = quick ? 2000 : 20_000
  const subscribers = makeSubscribers(people)
  const sink = await startSink(subscribers)
  const rig: Rig = { directory, caFile: writeCaFile(directory), sink, subscribers }
  const npm = (sender: 'npm-default' | 'npm-kept') => () =>
    sendWith({ ...rig, sender, count: Math.ceil(pushes / 4), payloadBytes })
  const rows: readonly Row[] = [
    newRow('web-push (npm) alone, default agent', npm('npm-default')),
    newRow('web-push (npm) alone, kept-alive Agent', npm('npm-kept')),
    newRow('our sender alone', () =>
      sendWith({ ...rig, sender: 'ours', count: pushes, payloadBytes }),
    ),
    newRow('our server, conversations of two', () => drain(rig, pushes, 1)),
    newRow('our server, groups of eleven', () => drain(rig, pushes, 10)),
  ]
  try {
    for (let round = 1; round <= rounds; round++) {
      for (const row of rows) {
        const cost = await row.run()
        row.cpuUs.push(cost.cpuUsPerPush)
        row.perSecond.push(cost.pushesPerSecond)
        row.memoryMb.push(cost.rssMb)
        say(`round ${round}, ${row.name}: ${cost.cpuUsPerPush.toFixed(0)} us a push`)
      }
    }
    const [npmDefault, npmKept, , ours] = rows.map((row) => median(row.cpuUs))
    const npmBest = Math.min(npmDefault ?? Number.NaN, npmKept ?? Number.NaN)
    const ratio = npmBest / (ours ?? Number.NaN)
    const { accepted, verified } = await sink.stats()
    return {
      title: 'Worker: CPU a push with queue and ledger',
      method: [
        `\`belfry start\` as its users start it (all roles in one process, SQLite with synchronous=FULL, log to a file) drains ${pushes} pushes to ${people} devices of ${people} people. The queue was filled before the start, through the server's own store and queue.`,
        `CPU is user and system time of the whole process from the moment a fifth has arrived until the queue is empty. Every push is claimed, sent and settled in the ledger, and its message removed from the queue, all on disk.`,
        `The first three rows send ${payloadBytes} B with ${concurrency} under way, without queue or ledger. ${rounds} interleaved round(s), median (least–most). The sink decrypted and verified ${verified} of ${accepted}.`,
      ],
      tables: [
        {
          columns: ['what', 'CPU a push, us', 'x', 'pushes/s', 'most memory, MB'],
          rows: rows.map((row) => [
            row.name,
            spread(row.cpuUs),
            (npmBest / median(row.cpuUs)).toFixed(2),
            spread(row.perSecond),
            median(row.memoryMb).toFixed(0),
          ]),
        },
      ],
      targets: [
        {
          claim: `whole worker, one device a message: at least ${target}× less CPU a push than web-push 3.6.7 alone`,
          measured: `${ratio.toFixed(2)}×`,
          isReached: ratio >= target,
        },
      ],
    }
  } finally {
    await sink.close()
  }
}

function newRow(name: string, run: () => Promise<Cost>): Row {
  return { name, run, cpuUs: [], perSecond: [], memoryMb: [] }
}

async function drain(rig: Rig, pushes: number, recipients: number): Promise<Cost> {
  const { sink, subscribers, caFile } = rig
  const { origin } = sink
  const dataDir = join(rig.directory, 'data')
  mkdirSync(dataDir)
  const messages = Math.ceil(pushes / recipients)
  await fillDataDir({ dataDir, origin, subscribers, messages, queued: true, recipients })
  const before = (await sink.stats()).accepted
  const server = await startServer({ dataDir, subscribers, origin, caFile })
  try {
    return await measureDrain(server, { sink, before, pushes })
  } finally {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
