import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EventRecorder } from './event-recorder.ts'
import { until } from './until.ts'

/** One Belfry of several, with one role. It is killed and started again under the same name. */
export interface BelfryNode {
  readonly name: string
  readonly role: 'api' | 'web-push'
  /** Null while it does not run. */
  readonly pid: number | null
  /** Of an api. */
  readonly port: number
  readonly url: string
  readonly logFile: string
  /**
   * Resolves once it runs; `failpoint` is `name:nth:action`, and may end it at once. Otherwise it rejects when the
   * process ends before, with what that said; `mayRefuse` says that this is what is expected.
   */
  start(options?: { failpoint?: string; mayRefuse?: boolean }): Promise<void>
  signal(name: 'SIGTERM' | 'SIGKILL'): void
  /** Resolves once it does not run. */
  ended(): Promise<void>
  /** SIGKILL, and again. */
  killAndRestart(): Promise<void>
}

export interface BelfryNodeOptions {
  readonly name: string
  readonly role: BelfryNode['role']
  readonly port: number
  readonly host?: string
  /** An empty root: `server/src` in it leads to the sources. */
  readonly root: string
  readonly environment: Readonly<Record<string, string>>
  readonly recorder: EventRecorder
  /** Before `node`: `ip netns exec name`. */
  readonly prefix?: readonly string[]
}

export function createBelfryNode(options: BelfryNodeOptions): BelfryNode {
  const { name, role, port, root, recorder, prefix = [], host = '127.0.0.1' } = options
  const logFile = join(root, `${name}.log`)
  const main = join(root, 'server/src/main.ts')
  let child: ChildProcess | null = null
  let ended: Promise<unknown> = Promise.resolve()

  const node: BelfryNode = {
    name,
    role,
    port,
    url: `http://${host}:${port}`,
    logFile,
    get pid() {
      return child?.pid ?? null
    },
    async start({ failpoint, mayRefuse = false } = {}) {
      const log = openSync(logFile, 'a')
      const said = readFileSync(logFile).length
      const words = [process.execPath, '--preserve-symlinks-main', main, 'start', '--roles', role]
      const [command = '', ...args] = [...prefix, ...words]
      const mayDie = failpoint !== undefined || mayRefuse
      recorder.write({ kind: 'process', name, step: 'started', mayDie })
      const started = spawn(command, args, {
        cwd: root,
        stdio: ['ignore', log, log],
        env: {
          PATH: process.env['PATH'],
          NODE_ENV: 'test',
          LOG_FORMAT: 'json',
          HOST: host,
          PORT: String(port),
          ...options.environment,
          ...(failpoint === undefined ? {} : { FAILPOINT: failpoint }),
        },
      })
      closeSync(log)
      child = started
      const killWithUs = () => started.kill('SIGKILL')
      process.once('exit', killWithUs)
      ended = once(started, 'exit').then(() => {
        process.off('exit', killWithUs)
        child = null
        recorder.write({ kind: 'process', name, step: 'exited', code: started.exitCode })
      })
      const since = () => readFileSync(logFile).subarray(said).toString()
      await until(`${name} runs`, () => child === null || since().includes('Belfry is running'))
      if (child === null && failpoint === undefined) {
        throw new Error(`${name} did not start:\n${since()}`)
      }
      recorder.write({ kind: 'process', name, step: 'ready' })
    },
    signal(signal) {
      if (child === null) return
      recorder.write({ kind: 'process', name, step: 'signalled', signal })
      child.kill(signal)
    },
    async ended() {
      await ended
    },
    async killAndRestart() {
      node.signal('SIGKILL')
      await node.ended()
      await node.start()
    },
  }
  return node
}
