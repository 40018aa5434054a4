import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Benchmark, BenchmarkOptions, Report, Target } from './benchmark.ts'
import { writeCaFile } from './ca-file.ts'
import { createCallClient, type CallClient } from './call-client.ts'
import { machineMs } from './clock.ts'
import { measureFdatasync } from './fdatasync.ts'
import { fillDataDir } from './fill-data-dir.ts'
import { startServer } from './server-process.ts'
import { startSink, type Sink } from './sink.ts'
import { quantile } from './statistics.ts'
import { makeSubscribers, type Subscribers } from './subscribers.ts'
import { inTemporaryDirectory } from './temporary-directory.ts'

const people = 2000
const warmUpCalls = 30
const goals = { idleP50Ms: 2, idleP99Ms: 25, loadedP99Ms: 50, memoryMb: 200 }
/** A ring that did not come by then is lost. */
const longestRingMs = 30_000

/** Claim: a call reaches the push service within milliseconds, also while a backlog of chat waits. */
export const callLatency: Benchmark = {
  name: 'call-latency',
  run: (options) => inTemporaryDirectory((directory) => measure(options, directory)),
}

interface Rig {
  readonly directory: string
  readonly caFile: string
  readonly sink: Sink
  readonly subscribers: Subscribers
  readonly calls: number
}

interface Measured {
  readonly ringMs: readonly number[]
  readonly answerMs: readonly number[]
  readonly fdatasyncMs: readonly number[]
  /** Messages that waited in the queue when the first and the last call was made. */
  readonly waiting: readonly [number, number]
  readonly memoryMb: number
}

async function measure({ quick, say }: BenchmarkOptions, directory: string): Promise<Report> {
  const backlog = quick ? 10_000 : 100_000
  const subscribers = makeSubscribers(people)
  const sink = await startSink(subscribers)
  const calls = quick ? 30 : 300
  const rig: Rig = { directory, caFile: writeCaFile(directory), sink, subscribers, calls }
  try {
    say(`${calls} calls to an idle server`)
    const idle = await callWhile(rig, { backlog: 0, firstCallee: 0 })
    say(`${calls} calls while ${backlog} chat pushes wait`)
    const loaded = await callWhile(rig, { backlog, firstCallee: people / 2 })
    const row = (name: string, { ringMs, answerMs, fdatasyncMs, ...rest }: Measured) => [
      name,
      ...[0.5, 0.99, 1].map((share) => quantile(ringMs, share).toFixed(1)),
      ...[0.5, 0.99].map((share) => quantile(answerMs, share).toFixed(1)),
      ...[0.5, 0.99].map((share) => quantile(fdatasyncMs, share).toFixed(2)),
      rest.waiting.join(' → '),
      rest.memoryMb.toFixed(0),
    ]
    return {
      title: 'Call latency: POST /api/calls to the push request',
      method: [
        `From the moment before the caller's request is written until the whole push has arrived at a TLS sink, by the machine's one monotonic clock; server, sink and caller are three processes of one machine.`,
        `${calls} calls one after the other to as many people, 20 to 60 ms apart, after ${warmUpCalls} that are not counted. On its way a ring is committed to disk as a call, in the queue, and as a claim; fdatasync of one page was measured beside it, before the calls, on the same disk.`,
        `The backlog is chat messages of conversations of two, one device each, put into the queue before the start; calls begin once a twentieth has been sent, and the queue drains meanwhile.`,
      ],
      tables: [
        {
          columns: [
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
          ],
          rows: [row('idle', idle), row(`${backlog} chat pushes wait`, loaded)],
        },
      ],
      targets: targetsOf(idle, loaded),
    }
  } finally {
    await sink.close()
  }
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

async function callWhile(
  rig: Rig,
  { backlog, firstCallee }: { backlog: number; firstCallee: number },
): Promise<Measured> {
  const { sink, subscribers, caFile, calls } = rig
  const { origin } = sink
  const dataDir = join(rig.directory, 'data')
  mkdirSync(dataDir)
  const plan = { dataDir, origin, subscribers, queued: true, recipients: 1 }
  await fillDataDir({ ...plan, messages: backlog })
  const fdatasyncMs = measureFdatasync(dataDir)
  const before = (await sink.stats()).accepted
  const server = await startServer({ dataDir, subscribers, origin, caFile })
  const client = createCallClient(server.url)
  try {
    await sink.arrived(before + backlog / 20)
    const ring = (index: number) => ringOnce(client, sink, firstCallee + index)
    for (let index = 0; index < warmUpCalls; index++) await ring(index)
    const waitingAtFirst = await server.queueDepth()
    const rings: { readonly ringMs: number; readonly answerMs: number }[] = []
    for (let index = 0; index < calls; index++) {
      rings.push(await ring(warmUpCalls + index))
      await delay(20 + 40 * Math.random())
    }
    return {
      ringMs: rings.map((each) => each.ringMs),
      answerMs: rings.map((each) => each.answerMs),
      fdatasyncMs,
      waiting: [waitingAtFirst, await server.queueDepth()],
      memoryMb: server.memoryMb().most,
    }
  } finally {
    client.close()
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Nobody is called twice, so the first urgent push to a person is that ring. */
async function ringOnce(client: CallClient, sink: Sink, callee: number) {
  const path = `/push/${callee}`
  const { askedMs, answeredMs } = await client.call((callee + 1) % people, callee)
  for (;;) {
    const atMs = sink.urgentAtMs.get(path)
    if (atMs !== undefined) return { ringMs: atMs - askedMs, answerMs: answeredMs - askedMs }
    if (machineMs() - askedMs > longestRingMs) throw new Error('A ring did not reach the sink')
    await delay(1)
  }
}
