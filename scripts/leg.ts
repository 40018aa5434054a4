import { spawn } from 'node:child_process'

/** One part of the test run, as the last lines report it. */
export interface LegResult {
  readonly name: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** Why something was skipped, or what failed. */
  readonly note?: string
}

/** Runs a command with its output shown; resolves with the exit code, 1 when it cannot be started. */
export function run(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...environment },
    })
    child.once('error', () => resolve(1))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
