import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { withDeadline } from './deadline.ts'
import { createJournal, type Journal } from './journal.ts'

export interface ProcessOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Where its lines go; a journal of its own when absent. */
  readonly lines?: Journal<string>
}

/** How a process ended: one of the two is set. */
export interface ProcessExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface RunningProcess {
  readonly pid: number
  /** Lines of standard output and standard error, as they came. */
  readonly lines: Journal<string>
  readonly exit: Promise<ProcessExit>
  readonly exited: () => boolean
  /** Sends the signal to the process alone and waits until it has ended. */
  readonly end: (signal: NodeJS.Signals, timeoutMs?: number) => Promise<ProcessExit>
}

/**
 * Starts a process of its own group; its output is kept line by line. The group is killed when this
 * process ends first.
 */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  await once(child, 'spawn')
  const { pid } = child
  if (pid === undefined) throw new Error(`${options.command} started without a process id`)
  const lines = options.lines ?? createLineJournal()
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', lines.record)
  }
  const state = { exited: false }
  const killWithUs = (): void => killProcessGroup(pid)
  process.once('exit', killWithUs)
  const exit = exitOf(child).finally(() => {
    state.exited = true
    process.off('exit', killWithUs)
  })
  const end = async (signal: NodeJS.Signals, timeoutMs = 10_000): Promise<ProcessExit> => {
    if (!state.exited) child.kill(signal)
    return withDeadline(exit, {
      awaited: `${options.command} (pid ${pid}) to end after ${signal}`,
      timeoutMs,
      seen: () => lines.entries.slice(-20).join(' | ') || 'no output',
    })
  }
  return { pid, lines, exit, exited: () => state.exited, end }
}

/** A journal for a process's output. */
export function createLineJournal(): Journal<string> {
  return createJournal({ name: 'lines of output', describe: (line) => line })
}

async function exitOf(child: ChildProcess): Promise<ProcessExit> {
  // `close`, not `exit`: by then the last lines of output have been read.
  await once(child, 'close')
  return { code: child.exitCode, signal: child.signalCode }
}

/** Kills what is left of a process group. Safe when nothing is. */
export function killProcessGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // ESRCH: the whole group has ended already, which is what we want.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
