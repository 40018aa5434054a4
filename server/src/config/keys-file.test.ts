import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { generateSecrets, keptKeys, type Keys } from './keys-file.ts'

let dir: string
let path: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'belfry-keys-'))
  path = join(dir, 'keys.json')
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

const all = { vapid: true, jwtSecret: true }
const keys = generateSecrets()
const other = generateSecrets()

function keep(changes: Partial<Record<keyof Keys, unknown>>) {
  writeFileSync(path, JSON.stringify({ ...keys, ...changes }))
}

function refusal(uses = all): unknown {
  try {
    return keptKeys(dir, { uses })
  } catch (cause) {
    return cause
  }
}

test.each(['EACCES', 'EPERM', 'EIO'])(
  'keys that cannot be read (%s) are neither called broken nor to be moved away, and stay',
  (code) => {
    keep({})
    const before = readFileSync(path, 'utf8')
    const readFile = () => {
      throw Object.assign(new Error(`${code}: no, open '${path}'`), { code })
    }
    const expected = {
      code: 'FILE_UNUSABLE',
      message: expect.stringContaining(`${path} cannot be read (${code})`),
    }
    expect(() => keptKeys(dir, { uses: all, readFile })).toThrow(expect.objectContaining(expected))
    expect(() => keptKeys(dir, { uses: all, readFile })).not.toThrow(/move|new keys|whole keys/)
    expect(readFileSync(path, 'utf8')).toBe(before)
    expect(readdirSync(dir)).toEqual(['keys.json'])
  },
)

test('a folder in the place of the keys is called one', () => {
  mkdirSync(path)
  expect(refusal()).toMatchObject({
    code: 'FILE_UNUSABLE',
    message: expect.stringContaining('It is a folder, where a file must be'),
  })
})

test.each<[string, Partial<Record<keyof Keys, unknown>>, string]>([
  [
    'a public key that is no key',
    { vapidPublicKey: 'abc' },
    'vapidPublicKey: the public key must be 65 bytes',
  ],
  [
    'a private key that is no key',
    { vapidPrivateKey: 'a b' },
    'vapidPrivateKey: the private key must be 32 bytes',
  ],
  [
    'a pair that is none',
    { vapidPrivateKey: other.vapidPrivateKey },
    'vapidPrivateKey: the public key does not belong',
  ],
  ['a short secret', { jwtSecret: 'tiny secret' }, 'jwtSecret: it must be at least 32 bytes'],
  [
    'a number',
    { jwtSecret: 5 },
    'an object with vapidPublicKey, vapidPrivateKey, jwtSecret, each a text',
  ],
])('%s is refused by file and field, with what to do, and without a key', (_, changes, finding) => {
  keep(changes)
  const refused = refusal()
  expect(refused).toMatchObject({
    code: 'KEYS_FILE_INVALID',
    message: expect.stringMatching(/Restore it from a backup; without one, /),
  })
  const said = String(refused)
  expect(said).toContain(path)
  expect(said).toContain(finding)
  for (const secret of [keys.vapidPrivateKey, other.vapidPrivateKey, keys.jwtSecret, 'tiny secret'])
    expect(said).not.toContain(secret)
})

test('a secret that is too short costs a sign-in and no subscription', () => {
  keep({ jwtSecret: 'short' })
  expect(String(refusal())).toContain('put the JWT_SECRET that `npx belfry keys` prints there')
  expect(String(refusal())).not.toContain('move it away')
})

test('what the settings give is not looked for in the file', () => {
  keep({ vapidPublicKey: 'of a time when the settings did not give it' })
  expect(refusal({ vapid: false, jwtSecret: true })).toMatchObject({ jwtSecret: keys.jwtSecret })
})
