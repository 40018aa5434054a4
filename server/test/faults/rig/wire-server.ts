import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { findServer, wireServerCache } from '../../mongodb/find-server.ts'

/** A MongoDB-wire server of this run alone, that can be killed. */
export interface KillableServer {
  readonly url: string
  /** SIGKILL, and the same program started again. False: it was there before us, and is not ours to kill. */
  killAndRestart(): Promise<boolean>
  stop(): Promise<void>
}

/** The server, or a sentence that says what is missing. */
export async function startWireServer(): Promise<KillableServer | string> {
  const environment = process.env
  const server = await findServer({ environment, cacheDir: wireServerCache(environment) })
  if (typeof server === 'string') return server
  const own = server.pid
  const restarted: ChildProcess[] = []
  return {
    url: server.url,
    async killAndRestart() {
      const before = restarted.at(-1)
      const pid = before?.pid ?? (own === null ? null : serverPid(own))
      if (pid === null) return false
      const again = commandOf(pid)
      const gone = before === undefined ? null : once(before, 'exit')
      process.kill(pid, 'SIGKILL')
      await gone
      restarted.push(spawn(again.command, again.args, { stdio: 'ignore' }))
      return true
    },
    async stop() {
      const last = restarted.at(-1)
      if (last !== undefined && last.exitCode === null && last.signalCode === null) {
        const gone = once(last, 'exit')
        last.kill('SIGKILL')
        await gone
      }
      await server.stop()
    },
  }
}

/** Of the process itself, or of its child that speaks MongoDB's protocol. */
function serverPid(own: number): number | null {
  const children = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && parentOf(pid) === own)
  const gateway = children.find((pid) => argumentsOf(pid)[0]?.endsWith('ferretdb') === true)
  return gateway ?? (argumentsOf(own)[0]?.endsWith('mongod') === true ? own : null)
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return 0 // It ended while we looked.
  }
}

function argumentsOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
}

/** The same program again: in the same tree, as the same user. */
function commandOf(pid: number): { command: string; args: string[] } {
  const own = argumentsOf(pid)
  const root = readlinkSync(`/proc/${pid}/root`)
  if (root === '/') return { command: own[0] ?? '', args: own.slice(1) }
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const owner = (name: string) => new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? '0'
  return { command: 'chroot', args: [`--userspec=${owner('Uid')}:${owner('Gid')}`, root, ...own] }
}
