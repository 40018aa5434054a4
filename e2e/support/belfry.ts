import { createServer } from 'node:net'
import { join } from 'node:path'
import {
  createLineJournal,
  killProcessGroup,
  startProcess,
  type ProcessExit,
  type RunningProcess,
} from './child-process.ts'
import { withDeadline } from './deadline.ts'
import type { Journal } from './journal.ts'
import { listenOnLoopback } from './loopback-server.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const SERVER = join(import.meta.dirname, '../../server/src/main.ts')

/** A first start may build the web app. */
const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 15_000

export interface BelfryOptions {
  /** Settings of the server, beside those that the rig must choose itself. */
  readonly env?: Readonly<Record<string, string>>
  /** Kept when given; else a temporary one, removed by `close`. */
  readonly dataDir?: string
  /** Arguments after the program; `['start']` when absent. */
  readonly args?: readonly string[]
  /** Another program than the repository's server, for the rig's own tests. */
  readonly program?: string
}

export interface Belfry {
  /** Without trailing slash; the same after a restart. */
  readonly url: string
  readonly dataDir: string
  /** All lines of output, of every start. */
  readonly log: Journal<string>
  /** Ends the process without a goodbye, as a crash or the kernel would. */
  readonly kill: (signal?: NodeJS.Signals) => Promise<ProcessExit>
  /** SIGTERM; rejects unless the process drains and exits 0. */
  readonly stop: () => Promise<void>
  /** Starts again on the same port and data, after `kill` or `stop`; stops first when it runs. */
  readonly restart: () => Promise<void>
  /** Ends whatever still runs and removes the temporary data. */
  readonly close: () => Promise<void>
}

/**
 * Starts the real server as a process of its own, as `npm start` does, and waits until `/healthz`
 * answers 200. It inherits nothing of this process's environment but PATH.
 */
export async function startBelfry(options: BelfryOptions = {}): Promise<Belfry> {
  const temporary = options.dataDir === undefined ? await temporaryDirectory('data') : undefined
  const dataDir = options.dataDir ?? temporary?.path ?? ''
  const port = await freePort()
  const url = `http://localhost:${port}`
  const log = createLineJournal()
  const start = (): Promise<RunningProcess> => startServer({ ...options, dataDir, port, log, url })
  const discard = async (): Promise<void> => {
    log.close()
    await temporary?.remove()
  }
  let server = await start().catch(async (error: unknown) => {
    await discard()
    throw error
  })

  const stop = async (): Promise<void> => {
    const exit = await server.end('SIGTERM', STOP_TIMEOUT_MS)
    if (exit.code === 0) return
    throw new Error(`the server did not exit 0 after SIGTERM but ${describe(exit)}: ${tail(log)}`)
  }
  return {
    url,
    dataDir,
    log,
    kill: (signal = 'SIGKILL') => server.end(signal, STOP_TIMEOUT_MS),
    stop,
    restart: async () => {
      if (!server.exited()) await stop()
      server = await start()
    },
    close: async () => {
      killProcessGroup(server.pid)
      await server.exit
      await discard()
    },
  }
}

/** How the server reaches the push services of the rig; give what the test uses. */
export function pushEnvironment(rig: {
  readonly google?: { readonly resolve: string; readonly caFile: string }
  /** `host:port` of a plain http push service. */
  readonly pushServiceHost?: string
}): Record<string, string> {
  return {
    ...(rig.google && {
      PUSH_RESOLVE: rig.google.resolve,
      NODE_EXTRA_CA_CERTS: rig.google.caFile,
    }),
    ...(rig.pushServiceHost !== undefined && { PUSH_ALLOWED_HOSTS: rig.pushServiceHost }),
  }
}

interface ServerStart extends BelfryOptions {
  readonly dataDir: string
  readonly port: number
  readonly url: string
  readonly log: Journal<string>
}

async function startServer(options: ServerStart): Promise<RunningProcess> {
  const { log, url } = options
  const server = await startProcess({
    command: process.execPath,
    args: [options.program ?? SERVER, ...(options.args ?? ['start'])],
    // Not the repository: a developer's own .env there is none of the tests' business.
    cwd: options.dataDir,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: options.dataDir,
      HOST: '127.0.0.1',
      PORT: String(options.port),
      DATA_DIR: options.dataDir,
      LOG_FORMAT: 'json',
      ...options.env,
    },
    lines: log,
  })
  try {
    await withDeadline(Promise.race([healthy(server, url), exitedEarly(server, log)]), {
      awaited: `the server to answer ${url}/healthz with 200`,
      timeoutMs: START_TIMEOUT_MS,
      seen: () => tail(log),
    })
    return server
  } catch (error) {
    killProcessGroup(server.pid)
    await server.exit
    throw error
  }
}

/** Asks after each line of output, the one with the address among them: no polling. */
async function healthy(server: RunningProcess, url: string): Promise<void> {
  for (;;) {
    const nextLine = server.lines.next(() => true, {
      awaited: `the server to print its address, ${url}`,
      timeoutMs: START_TIMEOUT_MS,
    })
    if (await answersOk(`${url}/healthz`)) return
    await nextLine
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url)
    await response.body?.cancel()
    return response.status === 200
  } catch {
    // Nothing listens yet; the next line of output is the next occasion.
    return false
  }
}

async function exitedEarly(server: RunningProcess, log: Journal<string>): Promise<never> {
  const exit = await server.exit
  throw new Error(`the server ended before it was ready, ${describe(exit)}: ${tail(log)}`)
}

function describe(exit: ProcessExit): string {
  return exit.signal === null ? `with code ${exit.code}` : `by ${exit.signal}`
}

function tail(log: Journal<string>): string {
  return log.entries.slice(-20).join(' | ') || 'no output'
}

async function freePort(): Promise<number> {
  const listening = await listenOnLoopback(createServer())
  await listening.close()
  return listening.port
}
