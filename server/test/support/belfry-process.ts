import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** The program as a process of its own, as `npx belfry` starts it. */
export interface BelfryProcess {
  readonly pid: number
  /** Everything printed so far, both streams. */
  output(): string
  /** Resolves once the output holds the text; rejects with the output when the process ends before. */
  printed(text: string): Promise<void>
  signal(name: 'SIGINT' | 'SIGTERM'): void
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>
}

export interface BelfryProcessOptions {
  readonly args: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Where `.env` and `./data` are looked for. Default an empty folder. */
  readonly cwd?: string
}

/** An empty folder that is gone after the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/**
 * Runs the real `main.ts`. It stands in a root of its own, without a web app, so that a test neither
 * builds one nor waits for it. What still runs when the test is over is killed.
 */
export function runBelfryProcess(options: BelfryProcessOptions): BelfryProcess {
  const root = emptyFolder()
  mkdirSync(join(root, 'server'))
  symlinkSync(join(import.meta.dirname, '../../src'), join(root, 'server/src'))
  const main = join(root, 'server/src/main.ts')
  const child = spawn(process.execPath, ['--preserve-symlinks-main', main, ...options.args], {
    cwd: options.cwd ?? root,
    env: { PATH: process.env['PATH'], ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const waiting = new Set<() => void>()
  const tell = () => {
    for (const look of waiting) look()
  }
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      tell()
    })
  }
  let over = false
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      over = true
      resolve(code)
      tell()
    })
  })
  onTestFinished(async () => {
    if (!over) child.kill('SIGKILL')
    await ended
  })
  return {
    pid: child.pid ?? 0,
    output: () => output,
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (output.includes(text)) resolve()
          else if (over)
            reject(new Error(`ended without printing ${JSON.stringify(text)}:\n${output}`))
          else return
          waiting.delete(look)
        }
        waiting.add(look)
        look()
      }),
    signal: (name) => void child.kill(name),
    ended,
  }
}
