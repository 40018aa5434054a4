import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const root = join(import.meta.dirname, '..')

// A process manager knows npm's pid and no other, and a shell between would take the signal: hence `exec` in
// package.json. The shell of Windows has none, and goes on after `||`. The first start builds the web app.
test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s to npm start stops the server in good order',
  async (signal) => {
    const folder = mkdtempSync(join(tmpdir(), 'belfry-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const npm = spawn('npm', ['start'], {
      cwd: root,
      env: { PATH: process.env['PATH'], HOME: folder, DATA_DIR: join(folder, 'data'), PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    })
    const closed = once(npm, 'close')
    onTestFinished(async () => {
      killGroup(npm.pid ?? 0) // The server may outlive npm.
      await closed
    })
    let output = ''
    const ready = new Promise<void>((resolve, reject) => {
      npm.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text
        if (output.includes('Belfry is running')) resolve()
      })
      npm.once('close', () => reject(new Error(output)))
    })
    await ready
    npm.kill(signal)
    expect(await closed).toEqual([0, null])
    expect(output).toContain('Stopping')
  },
  120_000,
)

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nobody of it is left.
  }
}
