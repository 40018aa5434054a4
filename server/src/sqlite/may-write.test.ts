import { constants, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockDirectory } from './directory-lock.ts'
import type { Access } from './may-write.ts'
import { openSqliteFile, type SqliteFileOptions } from './open-sqlite-file.ts'
import { openSqliteReader } from './open-sqlite-reader.ts'

let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'belfry-rights-'))
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

const open = (options: Partial<SqliteFileOptions> = {}) =>
  openSqliteFile({ dir, reserveBytes: 4096, ...options })

/** As the system answers a user who may read this path and not write it; root may everything. */
function readOnly(forbidden: string, code = 'EACCES'): Access {
  return (path, mode) => {
    if (path === forbidden && (mode & constants.W_OK) !== 0)
      throw Object.assign(new Error(`${code}: no, access '${path}'`), { code })
  }
}

test.each(['belfry.db', 'belfry.lock', 'belfry.db-wal'])(
  'a %s that may only be read stops the start, and is named with what to do',
  async (name) => {
    await open().close()
    const path = join(dir, name)
    const before = readFileSync(join(dir, 'belfry.db'))
    const access = readOnly(path)
    expect(() => open({ access })).toThrow(
      expect.objectContaining({
        code: 'FILE_UNUSABLE',
        message: expect.stringContaining(`${path} cannot be written (EACCES)`),
      }),
    )
    expect(() => open({ access })).not.toThrow(/damaged|[Mm]ove it/)
    expect(readFileSync(join(dir, 'belfry.db')).equals(before)).toBe(true)
  },
)

test('a file on a disk that is mounted read-only is refused in those words', async () => {
  await open().close()
  const access = readOnly(join(dir, 'belfry.db'), 'EROFS')
  expect(() => open({ access })).toThrow(/mounted read-only/)
})

test('a DATA_DIR that may only be read stops the start', () => {
  expect(() => open({ access: readOnly(dir) })).toThrow(
    expect.objectContaining({ code: 'DATA_DIR_UNUSABLE' }),
  )
})

test('a folder in the place of the file is called one', () => {
  mkdirSync(join(dir, 'belfry.db'))
  expect(() => open()).toThrow(
    expect.objectContaining({
      code: 'FILE_UNUSABLE',
      message: expect.stringContaining('It is a folder, where a file must be'),
    }),
  )
})

test('whoever may not even look at the file is told so, and not that nothing has run yet', async () => {
  await open().close()
  const denied = Object.assign(new Error('EACCES: no'), { code: 'EACCES' })
  const access = () => {
    throw denied
  }
  expect(() => openSqliteReader(dir, 0, access)).toThrow(
    expect.objectContaining({
      code: 'FILE_UNUSABLE',
      message: expect.stringContaining(`${join(dir, 'belfry.db')} cannot be read (EACCES)`),
    }),
  )
})

test('whoever was refused leaves the directory to the next', async () => {
  await open().close()
  expect(() => open({ access: readOnly(join(dir, 'belfry.db')) })).toThrow()
  lockDirectory(dir, { pid: 1, host: 'next' }).release()
})
