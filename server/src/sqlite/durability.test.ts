import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSqliteFile } from './open-sqlite-file.ts'
import { text } from './row.ts'

const writerScript = `
  const [opener, dir, from] = process.argv.slice(1)
  const { openSqliteFile } = await import(opener)
  const file = openSqliteFile({ dir, reserveBytes: 65536 })
  const insert = 'INSERT INTO preferences (user_id, preferences) VALUES (?, ?)'
  for (let n = Number(from); ; n += 10) {
    await Promise.all(Array.from({ length: 10 }, async (_, i) => {
      await file.write((tx) => tx.run(insert, [String(n + i), 'x'.repeat(300)]))
      process.stdout.write(n + i + '\\n')
    }))
  }
`

/** A process that writes and says what was acknowledged, killed after about so many acknowledgements. */
async function writeUntilKilled(dir: string, from: number, killAfter: number): Promise<string[]> {
  const opener = new URL('open-sqlite-file.ts', import.meta.url).href
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', writerScript, opener, dir, String(from)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let said = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (chunk: string) => {
    said += chunk
    if (said.split('\n').length > killAfter) child.kill('SIGKILL')
  })
  await once(child, 'close')
  return said.split('\n').slice(0, -1)
}

test(
  'everything acknowledged is there after kill -9, five times over, and the file is whole',
  { timeout: 60_000 },
  async () => {
    const dir = mkdtempSync(join(tmpdir(), 'belfry-kill-'))
    const seed = Math.floor(Math.random() * 1000)
    const acknowledged: string[] = []
    for (let kill = 0; kill < 5; kill += 1) {
      const killAfter = 20 + ((seed + kill * 397) % 1000)
      const before = acknowledged.length
      acknowledged.push(...(await writeUntilKilled(dir, kill * 1_000_000, killAfter)))
      expect(acknowledged.length, `seed ${seed}, kill ${kill}`).toBeGreaterThan(before)
    }
    const file = openSqliteFile({ dir, reserveBytes: 65536 })
    const kept = new Set(
      file.read.all('SELECT user_id FROM preferences').map((row) => text(row, 'user_id')),
    )
    expect(
      acknowledged.filter((id) => !kept.has(id)),
      `seed ${seed}`,
    ).toEqual([])
    expect(file.read.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' })
    await file.close()
    rmSync(dir, { recursive: true })
  },
)
