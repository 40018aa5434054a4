import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDiskSpace } from './disk-space.ts'
import { openSqliteFile } from './open-sqlite-file.ts'
import { integer } from './row.ts'
import type { SqliteFile } from './sqlite-file.ts'

let dir: string
let file: SqliteFile
let nowMs = 0

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'belfry-full-'))
  nowMs = 0
  file = openSqliteFile({
    dir,
    reserveBytes: 8192,
    lookForRoomEveryMs: 1000,
    monotonicMs: () => nowMs,
    mostPages: 40,
    migrations: ['CREATE TABLE notes (id INTEGER PRIMARY KEY, note TEXT NOT NULL)'],
  })
})
afterEach(async () => {
  await file.close()
  rmSync(dir, { recursive: true })
})

const note = 'x'.repeat(2000)
const add = () => file.write((tx) => tx.run('INSERT INTO notes (note) VALUES (?)', [note]))
const prune = () =>
  file.write((tx) => tx.run('DELETE FROM notes WHERE id IN (SELECT id FROM notes LIMIT 20)'), {
    freesSpace: true,
  })
const count = () => integer(file.read.get('SELECT count(*) AS n FROM notes') ?? {}, 'n')

/** Writes until it is refused; says how many were acknowledged. */
async function fill(): Promise<number> {
  for (let acknowledged = 0; ; acknowledged += 1) {
    try {
      await add()
    } catch (cause) {
      expect(cause).toMatchObject({ code: 'STORE_UNAVAILABLE' })
      return acknowledged
    }
  }
}

test('on a full disk writes are refused, reads go on, and nothing acknowledged is lost', async () => {
  const acknowledged = await fill()
  expect(acknowledged).toBeGreaterThan(20)
  expect(count()).toBe(acknowledged)
  await expect(add()).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    cause: { code: 'DISK_FULL' },
  })
})

test('the reserve is given up for pruning, which goes on while other writes wait', async () => {
  const acknowledged = await fill()
  expect(existsSync(join(dir, 'belfry.reserve'))).toBe(false)
  const [pruned, added] = await Promise.allSettled([prune(), add()])
  expect(pruned).toEqual({ status: 'fulfilled', value: 20 })
  expect(added.status).toBe('rejected')
  expect(count()).toBe(acknowledged - 20)
})

test('once there is room, writing goes on by itself and the reserve is back', async () => {
  await fill()
  await prune()
  nowMs = 999
  await expect(add()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  nowMs = 1000
  expect(await add()).toBe(1)
  expect(statSync(join(dir, 'belfry.reserve')).size).toBe(8192)
})

test('while there is still no room, each look again ends in a refusal and loses nothing', async () => {
  const acknowledged = await fill()
  for (let look = 1; look <= 3; look += 1) {
    nowMs += 1000
    await expect(add()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  }
  expect(count()).toBe(acknowledged)
  await prune()
  nowMs += 1000
  expect(await add()).toBe(1)
})

test('what was asked for in the same turn as the write that found no room is refused too, not half done', async () => {
  await fill()
  await prune()
  nowMs += 1000
  const before = count()
  const answers = await Promise.allSettled(Array.from({ length: 200 }, add))
  expect(answers.every(({ status }) => status === 'rejected')).toBe(true)
  expect(count()).toBe(before)
})

test('while it is full, who asks before doing something is told, and told when there is room', async () => {
  file.checkWritable()
  await fill()
  const refusal = expect.objectContaining({ code: 'STORE_UNAVAILABLE' })
  expect(() => file.checkWritable()).toThrow(refusal)
  await prune()
  expect(() => file.checkWritable()).toThrow(refusal)
  nowMs += 1000
  file.checkWritable()
  await file.close()
  expect(() => file.checkWritable()).toThrow(refusal)
})

test('pages that pruning freed are handed back to the disk', async () => {
  await fill()
  const pages = () => integer(file.read.get('PRAGMA page_count') ?? {}, 'page_count')
  const full = pages()
  await prune()
  await prune()
  nowMs += 1000
  await add()
  expect(pages()).toBeLessThan(full)
})

test.skipIf(!existsSync('/dev/full'))(
  'a disk that is full at the start lets only what frees space through, until there is room',
  () => {
    const reservePath = join(dir, 'reserve')
    symlinkSync('/dev/full', reservePath)
    let laterMs = 0
    const disk = createDiskSpace({
      reservePath,
      reserveBytes: 4096,
      lookEveryMs: 1000,
      monotonicMs: () => laterMs,
      reclaim: () => {},
    })
    expect([disk.admits(false), disk.admits(true)]).toEqual([false, true])
    laterMs = 1000
    expect(disk.admits(false)).toBe(true)
    expect(statSync(reservePath).size).toBe(4096)
  },
)
