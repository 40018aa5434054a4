import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteFile } from './open-sqlite-file.ts'
import { text } from './row.ts'
import type { SqliteFile, Transaction } from './sqlite-file.ts'

let dir: string
let file: SqliteFile

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'belfry-commit-'))
  file = openSqliteFile({
    dir,
    reserveBytes: 4096,
    migrations: ['CREATE TABLE notes (note TEXT PRIMARY KEY)'],
  })
})
afterEach(async () => {
  await file.close()
  rmSync(dir, { recursive: true })
})

const add = (note: string) => (tx: Transaction) => {
  tx.run('INSERT INTO notes (note) VALUES (?)', [note])
  return note
}
const notes = () =>
  file.read.all('SELECT note FROM notes ORDER BY rowid').map((row) => text(row, 'note'))

test('a write resolves with what its work returned, once others can read it', async () => {
  const written = file.write(add('a'))
  expect(notes()).toEqual([])
  expect(await written).toBe('a')
  expect(notes()).toEqual(['a'])
})

test('a write whose work throws is undone alone, and rejects with what was thrown', async () => {
  const mistake = new TypeError('a mistake')
  const answers = await Promise.allSettled([
    file.write(add('a')),
    file.write((tx) => {
      add('half')(tx)
      throw mistake
    }),
    file.write(add('a')),
    file.write(add('b')),
  ])
  expect(answers.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'rejected',
    'fulfilled',
  ])
  expect(answers[1]).toMatchObject({ reason: mistake })
  expect(notes()).toEqual(['a', 'b'])
})

test('writes happen in the order they were asked for, and see the ones before', async () => {
  const numbers = Array.from({ length: 1000 }, (_, n) => String(n))
  const seen = await Promise.all(
    numbers.map((n) =>
      file.write((tx) => {
        const before = tx.all('SELECT note FROM notes').length
        add(n)(tx)
        return before
      }),
    ),
  )
  expect(seen).toEqual(numbers.map(Number))
  expect(notes()).toEqual(numbers)
})

test('writes asked for together are one commit, and the event loop comes round between large ones', async () => {
  let turns = 0
  const count = () => {
    turns += 1
    if (turns < 1000) setImmediate(count)
  }
  setImmediate(count)
  const turnOf = await Promise.all(
    Array.from({ length: 600 }, (_, n) => file.write(add(String(n))).then(() => turns)),
  )
  const commits = new Set(turnOf).size
  expect(commits).toBe(3)
  turns = 1000
})

test('closing writes what was asked for; later writes are refused', async () => {
  const written = Array.from({ length: 600 }, (_, n) => file.write(add(String(n))))
  await file.close()
  await Promise.all(written)
  await expect(file.write(add('late'))).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    cause: { code: 'DATA_FILE_CLOSED' },
  })
  await file.close()
  file = openSqliteFile({
    dir,
    reserveBytes: 4096,
    migrations: ['CREATE TABLE notes (note TEXT PRIMARY KEY)'],
  })
  expect(notes()).toHaveLength(600)
})
