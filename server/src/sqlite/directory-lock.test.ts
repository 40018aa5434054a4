import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DataDirInUseError } from './data-file-errors.ts'
import { lockDirectory } from './directory-lock.ts'
import { openSqliteFile } from './open-sqlite-file.ts'

// Other processes have to start.
vi.setConfig({ testTimeout: 30_000 })

let dir: string
let children: ChildProcess[]

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'belfry-lock-'))
  children = []
})
afterEach(async () => {
  await Promise.all(children.map(kill))
  rmSync(dir, { recursive: true })
})

// Holds the directory, or says why not, until it is killed.
const script = `
  const [lock, dir] = process.argv.slice(1)
  const { lockDirectory } = await import(lock)
  let answer = 'locked'
  try {
    globalThis.held = lockDirectory(dir, { pid: process.pid, host: 'alices-machine' })
  } catch (cause) {
    answer = cause.code
  }
  process.stdout.write(answer)
  setInterval(() => {}, 1000)
`

/** Another process that asks for the directory; its answer. */
async function another(): Promise<{ child: ChildProcess; answer: string }> {
  const lock = new URL('directory-lock.ts', import.meta.url).href
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, lock, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  return { child, answer: String((await once(child.stdout, 'data'))[0]) }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

function refusal(attempt: () => unknown): DataDirInUseError {
  try {
    attempt()
  } catch (cause) {
    if (cause instanceof DataDirInUseError) return cause
    throw cause
  }
  throw new Error('It was not refused')
}

test('a second process on the same directory is refused, with the pid of the first', async () => {
  const { child } = await another()
  const error = refusal(() => openSqliteFile({ dir }))
  expect(error).toMatchObject({ code: 'DATA_DIR_IN_USE', pid: child.pid })
  expect(error.message).toContain(`process ${child.pid} on alices-machine`)
  expect(error.message).toContain(dir)
})

test('after kill -9 of the holder the next one gets the directory, without waiting', async () => {
  const { child, answer } = await another()
  expect(answer).toBe('locked')
  await kill(child)
  const file = openSqliteFile({ dir, reserveBytes: 4096 })
  await file.close()
})

test('a pid that another program has by now does not stand in the way', () => {
  lockDirectory(dir, { pid: process.ppid, host: 'here' }).release()
  lockDirectory(dir, { pid: process.pid, host: 'here' }).release()
})

test('the same process cannot open the directory twice either, and can once it has closed it', async () => {
  const first = openSqliteFile({ dir, reserveBytes: 4096 })
  expect(refusal(() => openSqliteFile({ dir })).pid).toBe(process.pid)
  await first.close()
  const second = openSqliteFile({ dir, reserveBytes: 4096 })
  await second.close()
})

test('of several processes that start at once, exactly one gets the directory', async () => {
  const asked = await Promise.all([another(), another(), another(), another()])
  const refused = ['DATA_DIR_IN_USE', 'DATA_DIR_IN_USE', 'DATA_DIR_IN_USE']
  expect(asked.map(({ answer }) => answer).toSorted()).toEqual([...refused, 'locked'])
})
