import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Benchmark, BenchmarkOptions, Report, Target } from './benchmark.ts'
import { writeCaFile } from './ca-file.ts'
import { createCallClient, type CallClient } from './call-client.ts'
import { machineMs } from './clock.ts'
import { measureFdatasync } from './fdatasync.ts'
import { fillDataDir } from './fill-data-dir.ts'
import type { Rig } from './rig.ts'
import { startServer } from './server-process.ts'
import { startSink, type Sink } from './sink.ts'
import { quantile } from './statistics.ts'
import { makeSubscribers } from './subscribers.ts'
import { inTemporaryDirectory } from './temporary-directory.ts'

const people = 4000
/** They call in turn: their tokens are known, as those of people who have the app open. */
const callers = 20
/** Until what a ring runs is compiled: an idle server is not one that was started this minute. */
const warmUpCalls = 1000
/** After a start with a backlog there is no time for that. */
const warmUpCallsLoaded = 30
const goals = { idleP50Ms: 2, idleP99Ms: 25, loadedP99Ms: 50, memoryMb: 200 }
/** A ring that did not come by then is lost. */
const longestRingMs = 30_000

/** Claim: a call reaches the push service within milliseconds, also while a backlog of chat waits. */
export const callLatency: Benchmark = {
  name: 'call-latency',
  run: (options) => inTemporaryDirectory((directory) => measure(options, directory)),
}

interface Measured {
  readonly ringMs: readonly number[]
  readonly answerMs: readonly number[]
  readonly fdatasyncMs: readonly number[]
  /** Messages that waited in the queue when the first and the last call was made. */
  readonly waiting: readonly [number, number]
  readonly memoryMb: number
}

/** Calls to one server, one after the other: a pause in milliseconds before each, and what is noted of them. */
interface Series {
  readonly calls: number
  readonly firstCallee: number
  readonly pauseMs: () => number
}

/** The ring before is on record by then: nothing is under way. */
const shortPauseMs = () => 5
/** Caches are cold, the disk and the processor rest. */
const longPauseMs = () => 20 + 40 * Math.random()

async function measure({ quick, say }: BenchmarkOptions, directory: string): Promise<Report> {
  const backlog = quick ? 10_000 : 100_000
  const calls = quick ? 30 : 300
  const warmUp = quick ? 100 : warmUpCalls
  const subscribers = makeSubscribers(people)
  const sink = await startSink(subscribers)
  const rig: Rig = { directory, caFile: writeCaFile(directory), sink, subscribers }
  try {
    say(`${warmUp} calls to warm up an idle server, then twice ${calls}`)
    const [idle, rested] = await withServer(rig, 0, async (call) => {
      await call({ calls: warmUp, firstCallee: 0, pauseMs: () => 0 })
      const soon = await call({ calls, firstCallee: warmUp, pauseMs: shortPauseMs })
      const later = await call({ calls, firstCallee: warmUp + calls, pauseMs: longPauseMs })
      return [soon, later]
    })
    say(`${calls} calls while ${backlog} chat pushes wait`)
    const firstCallee = people / 2
    const [loaded] = await withServer(rig, backlog, async (call) => {
      await call({ calls: warmUpCallsLoaded, firstCallee, pauseMs: () => 0 })
      return [
        await call({ calls, firstCallee: firstCallee + warmUpCallsLoaded, pauseMs: longPauseMs }),
      ]
    })
    if (idle === undefined || rested === undefined || loaded === undefined)
      throw new Error('A series of calls is missing')
    return {
      title: 'Call latency: POST /api/calls to the push request',
      method: methodOf({ calls, warmUp }),
      tables: [
        {
          columns,
          rows: [
            row('idle', idle),
            row('idle, and at rest for 20 to 60 ms before each call', rested),
            row(`${backlog} chat pushes wait`, loaded),
          ],
        },
      ],
      targets: targetsOf(idle, loaded),
    }
  } finally {
    await sink.close()
  }
}

const columns = [
  'server',
  'ring p50, ms',
  'p99',
  'most',
  'HTTP answer p50, ms',
  'p99',
  'fdatasync p50, ms',
  'p99',
  'waiting in the queue',
  'most memory, MB',
]

function row(name: string, { ringMs, answerMs, fdatasyncMs, ...rest }: Measured): string[] {
  return [
    name,
    ...[0.5, 0.99, 1].map((share) => quantile(ringMs, share).toFixed(1)),
    ...[0.5, 0.99].map((share) => quantile(answerMs, share).toFixed(1)),
    ...[0.5, 0.99].map((share) => quantile(fdatasyncMs, share).toFixed(2)),
    rest.waiting.join(' → '),
    rest.memoryMb.toFixed(0),
  ]
}

function methodOf({ calls, warmUp }: { calls: number; warmUp: number }): string[] {
  return [
    `From the moment before the caller's request is written until the whole push has arrived at a TLS sink, by the machine's one monotonic clock; server, sink and caller are three processes of one machine.`,
    `${calls} calls a row, one after the other, by ${callers} people in turn to as many others. Idle: after ${warmUp} calls that are not counted, each ${shortPauseMs()} ms after the ring before. On its way a ring is committed to disk once, as a call and in the queue; its claim is held in memory. fdatasync of one page was measured beside it, before the calls, on the same disk.`,
    `The backlog is chat messages of conversations of two, one device each, put into the queue before the start; calls begin once a twentieth has been sent and ${warmUpCallsLoaded} have been made, 20 to 60 ms apart, and the queue drains meanwhile.`,
  ]
}

function targetsOf(idle: Measured, loaded: Measured): Target[] {
  const limits = [
    { what: 'idle, p50', most: goals.idleP50Ms, value: quantile(idle.ringMs, 0.5), unit: 'ms' },
    { what: 'idle, p99', most: goals.idleP99Ms, value: quantile(idle.ringMs, 0.99), unit: 'ms' },
    {
      what: 'while the backlog waits, p99',
      most: goals.loadedP99Ms,
      value: quantile(loaded.ringMs, 0.99),
      unit: 'ms',
    },
    {
      what: 'resident memory with the backlog',
      most: goals.memoryMb,
      value: loaded.memoryMb,
      unit: 'MB',
    },
  ]
  return limits.map(({ what, most, value, unit }) => ({
    claim: `${what} ≤ ${most} ${unit}`,
    measured: `${value.toFixed(1)} ${unit}`,
    isReached: value <= most,
  }))
}

/** Starts a server with that backlog, and lets `work` call. */
async function withServer(
  rig: Rig,
  backlog: number,
  work: (call: (series: Series) => Promise<Measured>) => Promise<Measured[]>,
): Promise<Measured[]> {
  const { sink, subscribers, caFile } = rig
  const { origin } = sink
  const dataDir = join(rig.directory, 'data')
  mkdirSync(dataDir)
  await fillDataDir({
    dataDir,
    origin,
    subscribers,
    queued: true,
    recipients: 1,
    messages: backlog,
  })
  const fdatasyncMs = measureFdatasync(dataDir)
  const before = (await sink.stats()).accepted
  const server = await startServer({ dataDir, subscribers, origin, caFile })
  const client = createCallClient(server.url)
  try {
    await sink.arrived(before + backlog / 20)
    return await work(async ({ calls, firstCallee, pauseMs }) => {
      const waitingAtFirst = await server.queueDepth()
      const rings: { readonly ringMs: number; readonly answerMs: number }[] = []
      for (let index = 0; index < calls; index++) {
        const pause = pauseMs()
        if (pause > 0) await delay(pause)
        rings.push(await ringOnce(client, sink, firstCallee + index))
      }
      return {
        ringMs: rings.map((each) => each.ringMs),
        answerMs: rings.map((each) => each.answerMs),
        fdatasyncMs,
        waiting: [waitingAtFirst, await server.queueDepth()],
        memoryMb: server.memoryMb().most,
      }
    })
  } finally {
    client.close()
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Nobody is called twice, so the first urgent push to a person is that ring. */
async function ringOnce(client: CallClient, sink: Sink, callee: number) {
  const path = `/push/${callee}`
  const { askedMs, answeredMs } = await client.call(people - 1 - (callee % callers), callee)
  for (;;) {
    const atMs = sink.urgentAtMs.get(path)
    if (atMs !== undefined) return { ringMs: atMs - askedMs, answerMs: answeredMs - askedMs }
    if (machineMs() - askedMs > longestRingMs) throw new Error('A ring did not reach the sink')
    await delay(1)
  }
}
