import { expect, test } from 'vitest'
import { accessCure } from './access-cure.ts'
import { DataDirError } from './data-dir-errors.ts'
import { FileAccessError } from './file-access-error.ts'

const alice = 1000
const belfry = 65_534
const refused = (code: string) => Object.assign(new Error(`${code}: no`), { code })

/** Whoever has this number sees these paths, all of them Alice's. */
function user(uid: number, modes: Readonly<Record<string, number>>) {
  return {
    uid,
    look(path: string) {
      const mode = modes[path]
      if (mode === undefined) throw refused('ENOENT')
      return { uid: alice, mode, isDirectory: () => (mode & 0o170000) === 0o040000 }
    },
  }
}

const path = '/data/keys.json'
const file = (mode: number) => ({ [path]: 0o100000 | mode, '/data': 0o040700, '/': 0o040755 })
const refusal = (code: string) => ({ path, kind: 'file', cause: refused(code) }) as const

test('another user’s file is given to the user who runs the program', () => {
  expect(accessCure(refusal('EACCES'), user(belfry, file(0o600)))).toBe(
    'It belongs to uid 1000 (mode 0600), and this program runs as uid 65534: chown 65534 /data/keys.json',
  )
})

test('an own file whose mode forbids it gets another mode', () => {
  expect(accessCure(refusal('EACCES'), user(alice, file(0o444)))).toBe(
    'It belongs to uid 1000 (mode 0444), and this program runs as uid 1000: chmod u+rw /data/keys.json',
  )
})

test('what neither owner nor mode forbids is looked for elsewhere, as for root always', () => {
  for (const uid of [alice, 0]) {
    const cure = accessCure(refusal('EPERM'), user(uid, file(0o600)))
    expect(cure).toContain('a flag of the file or a security module')
    expect(cure).not.toMatch(/chown|chmod/)
  }
})

test('a folder above that keeps the user out is named, and never handed over whole', () => {
  const cause = refused('EACCES')
  const sees = user(belfry, { '/srv': 0o040755, '/': 0o040755 })
  const cure = accessCure({ path: '/srv/belfry/data', kind: 'folder', cause }, sees)
  expect(cure).toContain('The folder /srv belongs to uid 1000 (mode 0755)')
  expect(cure).not.toContain('chown')
})

test('a path of which nothing can be seen still says who asks', () => {
  const cure = accessCure(refusal('EACCES'), user(belfry, {}))
  expect(cure).toBe('This program runs as uid 65534: let that user use it.')
})

test('a folder in the place of a file is called one', () => {
  const cure = accessCure(refusal('EISDIR'), user(alice, { [path]: 0o040700 }))
  expect(cure).toContain('It is a folder, where a file must be')
})

test('a file system that is mounted read-only is called so', () => {
  expect(accessCure(refusal('EROFS'), user(alice, file(0o600)))).toContain('mounted read-only')
})

test('trouble that has nothing to do with rights gets no advice about them', () => {
  expect(accessCure(refusal('EIO'), user(belfry, file(0o600)))).toBeNull()
})

test('the message of a file tells to leave it where it is', () => {
  const options = { cause: refused('EACCES'), user: user(belfry, file(0o600)) }
  expect(new FileAccessError(path, 'read', options).message).toBe(
    '/data/keys.json cannot be read (EACCES). Leave it where it is, what it holds may be whole. ' +
      'It belongs to uid 1000 (mode 0600), and this program runs as uid 65534: chown 65534 /data/keys.json',
  )
})

test('a DATA_DIR of another user is handed over, with what is in it', () => {
  const { message } = new DataDirError('/data', refused('EACCES'), user(belfry, file(0o600)))
  expect(message).toContain('this program runs as uid 65534: chown -R 65534 /data')
  expect(message).toContain('Set another one only while nothing is in this one')
})
