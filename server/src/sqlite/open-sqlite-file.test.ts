import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteFile, type SqliteFileOptions } from './open-sqlite-file.ts'
import { text } from './row.ts'

let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'belfry-file-'))
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

const one = 'CREATE TABLE notes (note TEXT NOT NULL)'
const two = `ALTER TABLE notes ADD COLUMN author TEXT; UPDATE notes SET author = 'alice'`
const path = () => join(dir, 'belfry.db')
const open = (options: Partial<SqliteFileOptions> = {}) =>
  openSqliteFile({ dir, reserveBytes: 4096, ...options })

async function withNote(): Promise<void> {
  const file = open({ migrations: [one] })
  await file.write((tx) => tx.run(`INSERT INTO notes (note) VALUES ('kept')`))
  await file.close()
}

test('only its owner can read the data, and every commit is flushed to the disk', async () => {
  const file = open({ dir: join(dir, 'deep', 'data') })
  expect(statSync(join(dir, 'deep', 'data')).mode & 0o777).toBe(0o700)
  expect(statSync(join(dir, 'deep', 'data', 'belfry.db')).mode & 0o777).toBe(0o600)
  expect(file.read.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' })
  expect(file.read.get('PRAGMA synchronous')).toEqual({ synchronous: 2 })
  await file.close()
})

test('a newer program brings an older file up to date, with what is in it', async () => {
  await withNote()
  const file = open({ migrations: [one, two] })
  expect(file.read.all('SELECT note, author FROM notes')).toEqual([
    { note: 'kept', author: 'alice' },
  ])
  await file.close()
})

test('a step that fails half-way is undone, and finished by the next start', async () => {
  await withNote()
  expect(() => open({ migrations: [one, `${two}; INSERT INTO nowhere VALUES (1)`] })).toThrow(
    /nowhere/,
  )
  const file = open({ migrations: [one, two] })
  expect(file.read.all('SELECT note, author FROM notes')).toEqual([
    { note: 'kept', author: 'alice' },
  ])
  await file.close()
})

test('a file of a newer program is refused, and left as it is', async () => {
  const file = open({ migrations: [one, two] })
  await file.close()
  const before = readFileSync(path())
  expect(() => open({ migrations: [one] })).toThrow(
    expect.objectContaining({
      code: 'DATA_FILE_NEWER',
      message: expect.stringContaining('has version 2'),
    }),
  )
  expect(readFileSync(path()).equals(before)).toBe(true)
})

test('another program’s database is refused, and left as it is', () => {
  const database = new DatabaseSync(path())
  database.exec('CREATE TABLE cookies (name TEXT)')
  database.close()
  const before = readFileSync(path())
  expect(() => open()).toThrow(expect.objectContaining({ code: 'DATA_FILE_DAMAGED' }))
  expect(readFileSync(path()).equals(before)).toBe(true)
})

test('a file that is not a database is refused, and left as it is', () => {
  writeFileSync(path(), 'not a database '.repeat(1000))
  expect(() => open()).toThrow(expect.objectContaining({ code: 'DATA_FILE_DAMAGED' }))
  expect(readFileSync(path(), 'utf8').startsWith('not a database')).toBe(true)
})

test('a file that was cut short or scribbled over is refused, never taken for an empty one', async () => {
  const file = open()
  const word = 'x'.repeat(200)
  for (let n = 0; n < 500; n += 1) {
    await file.write((tx) => tx.run('INSERT INTO preferences VALUES (?, ?)', [`u${n}`, word]))
  }
  await file.close()
  const whole = readFileSync(path())
  truncateSync(path(), Math.floor(whole.length / 2 / 4096) * 4096)
  expect(() => open()).toThrow(expect.objectContaining({ code: 'DATA_FILE_DAMAGED' }))
  writeFileSync(
    path(),
    Buffer.concat([whole.subarray(0, 4096), Buffer.alloc(whole.length - 4096, 0xa5)]),
  )
  expect(() => open()).toThrow(expect.objectContaining({ code: 'DATA_FILE_DAMAGED' }))
})

test('a log whose data file is gone is refused, never thrown away', async () => {
  await withNote()
  rmSync(path())
  writeFileSync(`${path()}-wal`, Buffer.alloc(8192, 1))
  expect(() => open()).toThrow(expect.objectContaining({ code: 'DATA_FILE_DAMAGED' }))
  expect(statSync(`${path()}-wal`).size).toBe(8192)
})

test('a reader that holds the file open keeps nobody from writing', async () => {
  const file = open({ migrations: [one] })
  const reader = new DatabaseSync(path(), { readOnly: true })
  reader.exec('BEGIN')
  reader.prepare('SELECT count(*) FROM notes').get()
  await file.write((tx) => tx.run(`INSERT INTO notes (note) VALUES ('written meanwhile')`))
  expect(file.read.all('SELECT note FROM notes').map((row) => text(row, 'note'))).toEqual([
    'written meanwhile',
  ])
  reader.exec('COMMIT')
  reader.close()
  await file.close()
})

test('another writer that does not let go makes a write unavailable, and the next one succeeds', async () => {
  const file = open({ migrations: [one], busyTimeoutMs: 20 })
  const other = new DatabaseSync(path())
  other.exec('BEGIN IMMEDIATE')
  const insert = () => file.write((tx) => tx.run(`INSERT INTO notes (note) VALUES ('later')`))
  await expect(insert()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  other.exec('ROLLBACK')
  other.close()
  expect(await insert()).toBe(1)
  await file.close()
})
