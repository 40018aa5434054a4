import { createPublicKey, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import rfc8292 from '../../test/vectors/rfc8292.json' with { type: 'json' }
import { scalarText } from '../scalar-text.ts'
import { checkSubject } from './check-subject.ts'
import { createKeyring } from './create-keyring.ts'
import { createVapidSigner } from './create-vapid-signer.ts'
import { generateVapidKeys } from './generate-vapid-keys.ts'
import { importVapidKeys } from './import-vapid-keys.ts'
import { vapidKeyId } from './vapid-key-id.ts'

const HOUR = 3_600_000
const NOW = Date.UTC(2026, 10, 21, 10)

/** Reads `vapid t=…, k=…` as a push service does. */
const readToken = (authorization: string) => {
  const [, jwt = '', publicKey = ''] = /^vapid t=([^,]+), k=(.+)$/.exec(authorization) ?? []
  return { publicKey, isSigned: isSigned(jwt, publicKey), ...readJwt(jwt) }
}

const readJwt = (jwt: string) => {
  const [header = '', claims = ''] = jwt.split('.')
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString())
  return { header: read(header), claims: read(claims) }
}

const isSigned = (jwt: string, publicKey: string) => {
  const point = Buffer.from(publicKey, 'base64url')
  const [header, claims, signature = ''] = jwt.split('.')
  const key = createPublicKey({
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.toString('base64url', 1, 33),
      y: point.toString('base64url', 33),
    },
    format: 'jwk',
  })
  const signed = Buffer.from(`${header}.${claims}`)
  return verify(
    'sha256',
    signed,
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
}

const createClock = () => {
  let now = NOW
  return { now: () => now, advance: (ms: number) => (now += ms) }
}

test('RFC 8292: the published token verifies with this reader', () => {
  expect(isSigned(rfc8292.jwt, rfc8292.publicKey)).toBe(true)
  expect(readJwt(rfc8292.jwt)).toEqual({
    header: { typ: 'JWT', alg: 'ES256' },
    claims: rfc8292.claims,
  })
})

test('a token names the origin with its port, lives 12 hours, and verifies', () => {
  const keys = importVapidKeys(generateVapidKeys())
  const signer = createVapidSigner({ subject: 'mailto:push@belfry.example.com', clock: () => NOW })
  const { authorization } = signer.token('https://push.example.net:8443', keys)
  expect(readToken(authorization)).toEqual({
    publicKey: keys.publicKey,
    isSigned: true,
    header: { typ: 'JWT', alg: 'ES256' },
    claims: {
      aud: 'https://push.example.net:8443',
      exp: NOW / 1000 + 12 * 3600,
      sub: 'mailto:push@belfry.example.com',
    },
  })
})

test('one token serves an origin until less than an hour is left', () => {
  const clock = createClock()
  const keys = importVapidKeys(generateVapidKeys())
  const signer = createVapidSigner({ subject: 'https://belfry.example.com', clock: clock.now })
  const first = signer.token('https://a.example.net', keys)
  clock.advance(11 * HOUR)
  expect(signer.token('https://a.example.net', keys)).toBe(first)
  clock.advance(1)
  const second = signer.token('https://a.example.net', keys)
  expect(second).not.toBe(first)
  expect(signer.token('https://a.example.net', keys)).toBe(second)
})

test('origins and keys have tokens of their own', () => {
  const [current, previous] = [
    importVapidKeys(generateVapidKeys()),
    importVapidKeys(generateVapidKeys()),
  ]
  const signer = createVapidSigner({ subject: 'https://belfry.example.com', clock: () => NOW })
  const tokens = [
    signer.token('https://a.example.net', current),
    signer.token('https://b.example.net', current),
    signer.token('https://a.example.net', previous),
  ]
  expect(new Set(tokens.map(({ authorization }) => authorization)).size).toBe(3)
})

test('a clock that is set back does not leave a token that expires too late', () => {
  const clock = createClock()
  const keys = importVapidKeys(generateVapidKeys())
  const signer = createVapidSigner({ subject: 'https://belfry.example.com', clock: clock.now })
  signer.token('https://a.example.net', keys)
  clock.advance(-30 * HOUR)
  const { claims } = readToken(signer.token('https://a.example.net', keys).authorization)
  expect(claims).toMatchObject({ exp: clock.now() / 1000 + 12 * 3600 })
})

test('a refused token is signed again once a minute at most, and all who failed share it', () => {
  const clock = createClock()
  const keys = importVapidKeys(generateVapidKeys())
  const signer = createVapidSigner({ subject: 'https://belfry.example.com', clock: clock.now })
  const old = signer.token('https://a.example.net', keys)
  expect(signer.renew('https://a.example.net', keys, old)).toBeUndefined()
  clock.advance(60_000)
  const renewed = signer.renew('https://a.example.net', keys, old)
  expect(renewed).toBeDefined()
  expect(renewed).not.toBe(old)
  expect(signer.renew('https://a.example.net', keys, old)).toBe(renewed)
})

test('generated keys always have their full length', () => {
  for (let count = 0; count < 300; count++) {
    const { publicKey, privateKey } = generateVapidKeys()
    expect([publicKey.length, privateKey.length]).toEqual([87, 43])
  }
  expect(scalarText(Uint8Array.of(7))).toBe(`${'A'.repeat(42)}c`)
})

test('a pair that is not a pair is refused before any push service says 403', () => {
  const [alice, bob] = [generateVapidKeys(), generateVapidKeys()]
  const wrong = [
    { publicKey: alice.publicKey, privateKey: bob.privateKey },
    { publicKey: alice.privateKey, privateKey: alice.publicKey },
    { publicKey: '', privateKey: alice.privateKey },
    { publicKey: alice.publicKey, privateKey: 'A'.repeat(43) },
    { publicKey: alice.publicKey, privateKey: '_'.repeat(42) + '8' },
  ]
  for (const keys of wrong) {
    expect(() => importVapidKeys(keys)).toThrow(
      expect.objectContaining({ code: 'VAPID_KEY_INVALID' }),
    )
    expect(() => importVapidKeys(keys)).not.toThrow(alice.privateKey)
  }
})

test('standard base64 with padding is read too, and gives the same id', () => {
  const keys = generateVapidKeys()
  const standard = {
    publicKey: Buffer.from(keys.publicKey, 'base64url').toString('base64'),
    privateKey: Buffer.from(keys.privateKey, 'base64url').toString('base64'),
  }
  const imported = importVapidKeys(standard)
  expect(imported.publicKey).toBe(keys.publicKey)
  expect(imported.id).toBe(vapidKeyId(keys.publicKey))
  expect(imported.id).toMatch(/^[A-Za-z0-9_-]{16}$/)
})

test('the keyring finds a pair by id, by public key, and the current one by default', () => {
  const [current, previous] = [generateVapidKeys(), generateVapidKeys()]
  const keyring = createKeyring([current, previous])
  expect(keyring.find(undefined)?.publicKey).toBe(current.publicKey)
  expect(keyring.find(vapidKeyId(previous.publicKey))?.publicKey).toBe(previous.publicKey)
  expect(keyring.find(previous.publicKey)?.publicKey).toBe(previous.publicKey)
  expect(keyring.find('unknown')).toBeUndefined()
  expect(() => createKeyring([])).toThrow(expect.objectContaining({ code: 'VAPID_KEYS_MISSING' }))
})

test.each([
  'mailto:ops@belfry.example.com',
  'mailto:ops@chat.belfry.io',
  'https://belfry.io',
  'https://belfry.io/contact',
  'https://xn--bcher-kva.example.com',
])('%s is a subject that others can reach', (subject) => {
  expect(checkSubject(subject)).toEqual({ ok: true })
})

test.each([
  '',
  'ops@belfry.io',
  'mailto:me@localhost',
  'mailto:belfry.io',
  'mailto:@belfry.io',
  'mailto:a@b@belfry.io',
  'mailto: ops@belfry.io',
  'mailto:<ops@belfry.io>',
  'mailto:ops@10.0.0.1',
  'mailto:ops@mail',
  'mailto:ops@mail.local',
  'http://belfry.io',
  'https://localhost',
  'https://localhost:8080',
  'https://chat',
  'https://192.168.1.4',
  'https://8.8.8.8',
  'https://[::1]/',
  'https://2130706433/',
  'https://chat.internal',
  'https://printer.home.arpa',
  'javascript:alert(1)',
])('%s is not', (subject) => {
  expect(checkSubject(subject)).toMatchObject({ ok: false, code: 'VAPID_SUBJECT_UNREACHABLE' })
})

test('the operator reads what is wrong and what to write', () => {
  expect(checkSubject('mailto:me@localhost')).toMatchObject({
    message:
      'VAPID subject must be an https: or mailto: address that others can reach, got "mailto:me@localhost"',
  })
})
