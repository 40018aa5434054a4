import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** The real program: `node server/src/main.ts start`, in a process of its own. */
export interface BelfryProcess {
  readonly pid: number
  /** Resolves when the process is gone, however that came about. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** What it has said so far. */
  output(): string
  signal(name: NodeJS.Signals): void
}

const main = join(import.meta.dirname, '../../src/main.ts')

/** Resolves once it listens, or has died before. */
export async function startBelfry(
  environment: Readonly<Record<string, string>>,
): Promise<BelfryProcess> {
  const child = spawn(process.execPath, [main, 'start'], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'test', LOG_FORMAT: 'json', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const exited = once(child, 'exit').then(() => ({
    code: child.exitCode,
    signal: child.signalCode,
  }))
  const listening = new Promise<void>((resolve) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('Belfry is running')) resolve()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
  })
  await Promise.race([listening, exited])
  if (child.pid === undefined) throw new Error('the process could not be started')
  return {
    pid: child.pid,
    exited,
    output: () => said,
    signal: (name) => void child.kill(name),
  }
}
