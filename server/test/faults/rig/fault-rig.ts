import { MongoClient, type Db } from 'mongodb'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateSecrets } from '../../../src/config/keys-file.ts'
import { openWireProxy, type WireProxy } from '../../mongodb/wire-proxy.ts'
import { startRabbitMq, type RabbitMq } from '../../rabbitmq/start-rabbitmq.ts'
import { tcpProxy, type TcpProxy } from '../../rabbitmq/tcp-proxy.ts'
import { freePorts } from '../../support/free-port.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { check } from '../checker/check.ts'
import type { Limits } from '../checker/log-entry.ts'
import type { Violation } from '../checker/violation.ts'
import { createApiClient, type ApiClient } from './api-client.ts'
import { createBelfryNode, type BelfryNode, type BelfryNodeOptions } from './belfry-node.ts'
import { createEventRecorder, type EventRecorder } from './event-recorder.ts'
import { observe, quiesce } from './observe.ts'
import { createPeople, type People } from './people.ts'
import { startPushDevices, type PushDevices } from './push-devices.ts'
import { until } from './until.ts'
import { readVitals } from './vitals.ts'
import { startWireServer, type KillableServer } from './wire-server.ts'

/** Belfry as it runs in production, and everything that it stands on: all of it can be broken. */
export interface FaultRig {
  readonly seed: number
  /** From the seed. */
  readonly random: () => number
  readonly canary: string
  readonly recorder: EventRecorder
  readonly rabbitMq: RabbitMq
  readonly wireServer: KillableServer
  /** Between the processes and RabbitMQ. */
  readonly brokerLine: TcpProxy
  /** Between the processes and MongoDB. */
  readonly storeLine: WireProxy
  /** Past the line. */
  readonly db: Db
  /** Every process's. */
  readonly environment: Readonly<Record<string, string>>
  readonly devices: PushDevices
  readonly people: People
  readonly client: ApiClient
  readonly apis: readonly BelfryNode[]
  readonly workers: readonly BelfryNode[]
  /** Another process beside those, with these settings besides; killed at the end. */
  addNode(
    options: Partial<BelfryNodeOptions> & Pick<BelfryNodeOptions, 'name' | 'role'>,
    settings?: Readonly<Record<string, string>>,
  ): BelfryNode
  /** Before anything else is closed. For what a failing test leaves. */
  onClose(end: () => Promise<void>): void
  /** Breaks something for as long as `during` takes; resolves once the API is ready again. */
  fault(name: string, during: () => Promise<unknown>): Promise<void>
  /** Waits until nothing is open, looks at everything, and checks the whole log. */
  finish(options?: { quietWithinMs?: number }): Promise<Verdict>
  close(): Promise<void>
}

export interface Verdict {
  readonly violations: readonly Violation[]
  /** Where the log is; null when nothing is wrong. */
  readonly logFile: string | null
}

export interface FaultRigOptions {
  /** Of the run, in its output and its files. */
  readonly name: string
  readonly seed: number
  readonly apis?: number
  readonly workers?: number
  readonly limits?: Partial<Limits>
  readonly environment?: Readonly<Record<string, string>>
  /** Where the push service listens. Default loopback. */
  readonly pushHost?: string
}

/** What is allowed in a run of some minutes on a machine that is busy with it. */
const usualLimits: Limits = {
  slackMs: 2000,
  lateStopMs: 3000,
  answerWithinMs: 8000,
  drainWithinMs: 12_000,
  readyWithinMs: 30_000,
  containedWithinMs: null,
  rssBytes: 600 * 2 ** 20,
  openFiles: 1000,
  logBytes: 64 * 2 ** 20,
}

/** `BELFRY_SEED` runs one again. */
export function chooseSeed(): number {
  return Number(process.env['BELFRY_SEED'] ?? Date.now() % 1_000_000)
}

/** Resolves once two of each role run. */
export async function startFaultRig(options: FaultRigOptions): Promise<FaultRig> {
  await using opened = new AsyncDisposableStack()
  const ground = await openGround(options, opened)
  const nodes: BelfryNode[] = []
  const addNode: FaultRig['addNode'] = (node, settings = {}) => {
    const { recorder, root } = ground
    const environment = { ...ground.environment, ...settings }
    const made = createBelfryNode({ recorder, root, environment, port: 0, ...node })
    nodes.push(made)
    return made
  }
  opened.defer(async () => {
    for (const node of nodes) node.signal('SIGKILL')
    await Promise.all(nodes.map((node) => node.ended()))
  })
  const apis: BelfryNode[] = []
  for (const [n, port] of (await freePorts(options.apis ?? 2)).entries()) {
    apis.push(addNode({ name: `api-${n + 1}`, role: 'api', port }))
  }
  const workers = Array.from({ length: options.workers ?? 2 }, (_, n) =>
    addNode({ name: `worker-${n + 1}`, role: 'web-push' }),
  )
  // One after the other: the first makes queues and indexes, and two cores are no more than that.
  for (const node of [...apis, ...workers]) await node.start()
  opened.defer(watchVitals(nodes, ground.recorder))

  const { recorder, random, devices, keys } = ground
  const closing = new AbortController()
  const client = createApiClient({ recorder, nodes: apis, random, signal: closing.signal })
  const people = createPeople({ client, devices, jwtSecret: keys.jwtSecret, recorder })
  opened.defer(() => closing.abort())
  const held = opened.move()
  const parts = { ...ground, client, people, apis, workers, nodes, addNode }
  return {
    ...parts,
    onClose: (end) => held.defer(end),
    fault: (name, during) => breakFor(parts, name, during),
    finish: ({ quietWithinMs = 120_000 } = {}) => finish(options, parts, quietWithinMs),
    close: () => held.disposeAsync(),
  }
}

async function openGround(options: FaultRigOptions, opened: AsyncDisposableStack) {
  const { name, seed } = options
  const recorder = createEventRecorder()
  const keys = generateSecrets()
  const root = mkdtempSync(join(tmpdir(), 'belfry-faults-'))
  opened.defer(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'server'))
  symlinkSync(join(import.meta.dirname, '../../../src'), join(root, 'server/src'))

  const wireServer = await startWireServer()
  if (typeof wireServer === 'string') throw new Error(wireServer)
  opened.defer(() => wireServer.stop())
  const rabbitMq = await startRabbitMq()
  opened.defer(() => rabbitMq.stop())
  const storeLine = await openWireProxy(wireServer.url)
  opened.defer(() => storeLine.close())
  const brokerLine = await tcpProxy(rabbitMq.port)
  opened.defer(() => brokerLine.close())
  const { vapidPublicKey } = keys
  const devices = await startPushDevices({
    recorder,
    vapidPublicKey,
    ...(options.pushHost === undefined ? {} : { host: options.pushHost }),
  })
  opened.defer(() => devices.close())
  const client = await new MongoClient(wireServer.url).connect()
  opened.defer(() => client.close())
  const db = client.db(`belfry-faults-${process.pid}-${name}`)
  await db.dropDatabase()

  const storeUrl = storeLine.url(db.databaseName)
  const brokerUrl = `amqp://127.0.0.1:${brokerLine.port}/?heartbeat=2`
  const canary = `zanzibar${seed}`
  recorder.write({ kind: 'run', seed, limits: { ...usualLimits, ...options.limits } })
  const lines = [storePort(storeUrl), brokerLine.port, rabbitMq.port]
  for (const port of lines) recorder.write({ kind: 'allowed', address: `127.0.0.1:${port}` })
  recorder.write({ kind: 'allowed', address: devices.service.endpointHost })
  for (const text of [keys.vapidPrivateKey, keys.jwtSecret, canary]) {
    recorder.write({ kind: 'secret', text })
  }
  const environment = {
    MONGODB_URL: storeUrl,
    RABBITMQ_URL: brokerUrl,
    VAPID_PUBLIC_KEY: keys.vapidPublicKey,
    VAPID_PRIVATE_KEY: keys.vapidPrivateKey,
    JWT_SECRET: keys.jwtSecret,
    PUSH_ALLOWED_HOSTS: devices.service.endpointHost,
    RING_TIMEOUT_SECONDS: '5',
    ...options.environment,
  }
  const random = seededRandom(seed)
  const tools = { recorder, root, environment, random, canary, keys, seed }
  return { ...tools, wireServer, rabbitMq, storeLine, brokerLine, devices, db }
}

/** Of a `mongodb:` URL with one host. */
export function storePort(url: string): number {
  return Number(/:(\d+)\//.exec(url)?.[1])
}

type Parts = Omit<FaultRig, 'onClose' | 'fault' | 'finish' | 'close'> & {
  readonly nodes: BelfryNode[]
}

async function breakFor(
  { recorder, apis }: Parts,
  name: string,
  during: () => Promise<unknown>,
): Promise<void> {
  recorder.write({ kind: 'fault', name, step: 'began' })
  try {
    await during()
  } finally {
    recorder.write({ kind: 'fault', name, step: 'ended' })
  }
  for (const node of apis) {
    if (node.pid === null) continue
    await until(`${node.name} is ready after ${name}`, async () => {
      const answer = await fetch(`${node.url}/readyz`)
      await answer.arrayBuffer()
      recorder.write({ kind: 'probe', process: node.name, ready: answer.ok })
      return answer.ok
    })
  }
}

async function finish(
  { name, seed }: FaultRigOptions,
  parts: Parts,
  quietWithinMs: number,
): Promise<Verdict> {
  const { recorder } = parts
  await quiesce(parts, quietWithinMs)
  await observe(parts)
  const violations = check(recorder.entries)
  if (violations.length === 0) return { violations, logFile: null }
  const logFile = join(tmpdir(), `belfry-faults-${name}-${seed}.jsonl`)
  recorder.save(logFile)
  return { violations, logFile }
}

/** Returns the way to stop. */
function watchVitals(nodes: readonly BelfryNode[], recorder: EventRecorder): () => void {
  const timer = setInterval(() => {
    for (const { name, pid, port } of nodes) {
      const vitals = pid === null ? null : readVitals(pid, port)
      if (vitals === null) continue
      recorder.write({ kind: 'vitals', process: name, ...vitals, remotes: [...vitals.remotes] })
    }
  }, 1000)
  return () => clearInterval(timer)
}
