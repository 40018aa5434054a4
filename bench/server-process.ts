import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { machineMs } from './clock.ts'
import type { Subscribers } from './subscribers.ts'
import { vapidSubject } from './subscribers.ts'

/** The real server, `belfry start`, as a process of its own with its usual settings. */
export interface ServerProcess {
  readonly url: string
  readonly pid: number
  /** From the start of the process until `/readyz` first answered 200. */
  readonly readyAfterMs: number
  /** User and system time so far, milliseconds. */
  cpuMs(): Promise<number>
  /** Messages waiting or in hand, in all lanes that this process may serve. */
  queueDepth(): Promise<number>
  /** Resident memory in MB: now, and the most so far. NaN where the system has no /proc. */
  memoryMb(): { readonly now: number; readonly most: number }
  /** SIGTERM, as a service manager would. */
  stop(): Promise<void>
}

export interface ServerOptions {
  readonly dataDir: string
  readonly subscribers: Subscribers
  /** Of the sink. */
  readonly origin: string
  readonly caFile: string
  /** Arguments of Node, to profile it. */
  readonly nodeArguments?: readonly string[]
  /** One role of several processes, on these engines. Default: all roles, on the embedded file. */
  readonly part?: {
    readonly role: 'api' | 'web-push'
    readonly rabbitMqUrl: string
    readonly mongoDbUrl: string
  }
}

/** HS256; the benchmarks sign tokens with it as another backend would. */
export const jwtSecret = 'a secret of the benchmarks, thirty-two bytes long at least'

const program = join(import.meta.dirname, '../server/bin/belfry.js')
/** A first start may build the web app. */
const longestStartMs = 120_000

export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { dataDir, subscribers } = options
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  // A file, because a pipe that is read slowly would hold the server up, and /dev/null costs nothing.
  const log = join(dataDir, 'server.log')
  const output = openSync(log, 'a')
  const startedMs = machineMs()
  const nodeArguments = [...usualNodeArguments(), ...(options.nodeArguments ?? [])]
  const { part } = options
  const words = part === undefined ? ['start'] : ['start', '--roles', part.role]
  const child = spawn(process.execPath, [...nodeArguments, program, ...words], {
    cwd: dataDir,
    stdio: ['ignore', output, output],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: dataDir,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: dataDir,
      VAPID_PUBLIC_KEY: subscribers.vapid.publicKey,
      VAPID_PRIVATE_KEY: subscribers.vapid.privateKey,
      VAPID_SUBJECT: vapidSubject,
      JWT_SECRET: jwtSecret,
      PUSH_ALLOWED_HOSTS: new URL(options.origin).host,
      NODE_EXTRA_CA_CERTS: options.caFile,
      // So that no missed call comes into what is measured.
      RING_TIMEOUT_SECONDS: '120',
      ...(part === undefined
        ? {}
        : { RABBITMQ_URL: part.rabbitMqUrl, MONGODB_URL: part.mongoDbUrl }),
    },
  })
  closeSync(output)
  const killWithUs = () => child.kill('SIGKILL')
  process.once('exit', killWithUs)
  const exited = once(child, 'exit').finally(() => process.off('exit', killWithUs))

  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  while (!(await isReady(url))) {
    if (hasEnded() || machineMs() - startedMs > longestStartMs) {
      child.kill('SIGKILL')
      throw new Error(`The server did not get ready: ${readFileSync(log, 'utf8').slice(-2000)}`)
    }
    await delay(5)
  }
  const readyAfterMs = machineMs() - startedMs
  const pid = child.pid ?? 0
  return {
    url,
    pid,
    readyAfterMs,
    cpuMs: async () => 1000 * (await metric(url, /^process_cpu_seconds_total /)),
    queueDepth: () => metric(url, part === undefined ? anyLane : webPushLane),
    memoryMb: () => memoryOf(pid),
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** The lanes' names have a dot, `dead` has none. */
const anyLane = /^belfry_queue_depth\{queue="[\w-]+\./
const webPushLane = /^belfry_queue_depth\{queue="web-push\./

/** Those of `npm start`, from the program's first line. */
function usualNodeArguments(): string[] {
  const [firstLine = ''] = readFileSync(program, 'utf8').split('\n')
  return firstLine.split(' ').filter((word) => word.startsWith('--'))
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`)
    await response.arrayBuffer()
    return response.status === 200
  } catch {
    return false // Nothing listens yet.
  }
}

/** The sum of a metric over its labels. */
async function metric(url: string, pattern: RegExp): Promise<number> {
  const response = await fetch(`${url}/metrics`)
  const lines = (await response.text()).split('\n').filter((line) => pattern.test(line))
  if (lines.length === 0) throw new Error(`The server has no metric ${pattern.source}`)
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

function memoryOf(pid: number): { now: number; most: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const read = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024
    return { now: read('VmRSS'), most: read('VmHWM') }
  } catch {
    return { now: Number.NaN, most: Number.NaN } // No /proc on this system.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
