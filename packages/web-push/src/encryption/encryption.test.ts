import { createHmac, createPrivateKey, createPublicKey, createECDH } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import rfc8188 from '../../test/vectors/rfc8188.json' with { type: 'json' }
import rfc8291 from '../../test/vectors/rfc8291.json' with { type: 'json' }
import { WebPushError } from '../web-push-error.ts'
import { deriveContentKeys } from './content-keys.ts'
import { createEncryptor } from './create-encryptor.ts'
import { decryptRecords } from './decrypt-records.ts'
import { decrypt } from './decrypt.ts'
import { encrypt } from './encrypt.ts'
import { generateSubscriptionKeys } from './generate-subscription-keys.ts'
import { createHmacSha256 } from './hmac-sha256.ts'
import { deriveInputKey } from './input-key.ts'
import { readContentHeader } from './read-content-header.ts'

const bytes = (text: string) => Buffer.from(text, 'base64url')

const codeOf = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    return error instanceof WebPushError ? error.code : error
  }
  return 'nothing thrown'
}

const exampleEphemeral = () => {
  const point = bytes(rfc8291.asPublic)
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.toString('base64url', 1, 33),
    y: point.toString('base64url', 33, 65),
  }
  return {
    privateKey: createPrivateKey({ key: { ...jwk, d: rfc8291.asPrivate }, format: 'jwk' }),
    publicKey: createPublicKey({ key: jwk, format: 'jwk' }),
    salt: bytes(rfc8291.salt),
  }
}

test('RFC 8291: the published message comes out byte for byte', () => {
  const encryptExample = createEncryptor({ ephemeral: exampleEphemeral })
  const body = encryptExample({
    plaintext: bytes(rfc8291.plaintext),
    p256dh: rfc8291.uaPublic,
    auth: rfc8291.authSecret,
  })
  expect(body.length).toBe(rfc8291.bodyLength)
  expect(body.toString('base64url', 0, 86)).toBe(rfc8291.header)
  expect(body.toString('base64url', 86)).toBe(rfc8291.ciphertext)
  expect(body.toString('base64url')).toBe(rfc8291.body)
})

test('RFC 8291: every intermediate value is the published one', () => {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(bytes(rfc8291.asPrivate))
  const sharedSecret = ecdh.computeSecret(bytes(rfc8291.uaPublic))
  const {
    prk: prkKey,
    info,
    inputKey,
  } = deriveInputKey({
    sharedSecret,
    authSecret: bytes(rfc8291.authSecret),
    userAgentPoint: bytes(rfc8291.uaPublic),
    senderPoint: bytes(rfc8291.asPublic),
  })
  const { prk, contentKey, nonce } = deriveContentKeys(inputKey, bytes(rfc8291.salt))
  const values = {
    ecdhSecret: sharedSecret,
    prkKey,
    keyInfo: info,
    inputKey,
    prk,
    contentKey,
    nonce,
  }
  for (const [name, value] of Object.entries(values)) {
    expect([name, value.toString('base64url')]).toEqual([
      name,
      Object.entries(rfc8291).find(([key]) => key === name)?.[1],
    ])
  }
})

test('RFC 8291: the published body decrypts', () => {
  const plaintext = decrypt({
    body: bytes(rfc8291.body),
    privateKey: rfc8291.uaPrivate,
    auth: rfc8291.authSecret,
  })
  expect(plaintext.toString()).toBe('When I grow up, I want to be a watermelon')
})

test('RFC 8188: one record, with its published keys', () => {
  const { oneRecord } = rfc8188
  const header = readContentHeader(bytes(oneRecord.body))
  const keys = deriveContentKeys(bytes(oneRecord.inputKey), header.salt)
  expect(Buffer.from(header.salt).toString('base64url')).toBe(oneRecord.salt)
  expect(keys.prk.toString('base64url')).toBe(oneRecord.prk)
  expect(keys.contentKey.toString('base64url')).toBe(oneRecord.contentKey)
  expect(keys.nonce.toString('base64url')).toBe(oneRecord.nonce)
  expect(decryptRecords(header, bytes(oneRecord.inputKey)).toString()).toBe(oneRecord.plaintext)
})

test('RFC 8188: two padded records are joined', () => {
  const { twoRecords } = rfc8188
  const header = readContentHeader(bytes(twoRecords.body))
  expect(header.recordSize).toBe(twoRecords.recordSize)
  expect(Buffer.from(header.keyId).toString()).toBe(twoRecords.keyId)
  expect(decryptRecords(header, bytes(twoRecords.inputKey)).toString()).toBe(twoRecords.plaintext)
})

test('RFC 8188: a body cut after its first record is noticed', () => {
  const { twoRecords } = rfc8188
  const body = bytes(twoRecords.body)
  const header = readContentHeader(body.subarray(0, 21 + 2 + twoRecords.recordSize))
  expect(codeOf(() => decryptRecords(header, bytes(twoRecords.inputKey)))).toBe('DECRYPTION_FAILED')
})

test('any text or bytes come back as they were, for every device', () => {
  const encryptOne = createEncryptor()
  const devices = [generateSubscriptionKeys(), generateSubscriptionKeys()]
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 3993 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
  )
  fc.assert(
    fc.property(payload, fc.constantFrom(...devices), (plaintext, device) => {
      const body = encryptOne({ plaintext, p256dh: device.p256dh, auth: device.auth })
      expect(decrypt({ body, ...device }).equals(Buffer.from(plaintext))).toBe(true)
    }),
    { numRuns: 200 },
  )
})

test('3,993 bytes fill a body of 4,096, and one more is refused', () => {
  const device = generateSubscriptionKeys()
  expect(encrypt({ ...device, plaintext: new Uint8Array(3993) })).toHaveLength(4096)
  expect(codeOf(() => encrypt({ ...device, plaintext: new Uint8Array(3994) }))).toBe(
    'PAYLOAD_TOO_LARGE',
  )
  // 1,332 characters of three bytes are 3,996 bytes.
  expect(codeOf(() => encrypt({ ...device, plaintext: '\u20AC'.repeat(1332) }))).toBe(
    'PAYLOAD_TOO_LARGE',
  )
})

test('every message has its own key and salt', () => {
  const encryptOne = createEncryptor()
  const device = generateSubscriptionKeys()
  const headers = Array.from({ length: 600 }, () => {
    const body = encryptOne({ ...device, plaintext: 'same' })
    return [body.toString('hex', 0, 16), body.toString('hex', 21, 86)]
  })
  expect(new Set(headers.map(([salt]) => salt)).size).toBe(600)
  expect(new Set(headers.map(([, point]) => point)).size).toBe(600)
})

test('a device that renews its secret but keeps its key is sent to with the new secret', () => {
  const encryptOne = createEncryptor()
  const old = generateSubscriptionKeys()
  const renewed = { ...old, auth: generateSubscriptionKeys().auth }
  encryptOne({ ...old, plaintext: 'before' })
  const body = encryptOne({ ...renewed, plaintext: 'after' })
  expect(decrypt({ body, ...renewed }).toString()).toBe('after')
})

test('keys that are no keys are refused, and not quoted', () => {
  const device = generateSubscriptionKeys()
  const offCurve = bytes(device.p256dh)
  offCurve[64] = (offCurve[64] ?? 0) ^ 1
  const cases = [
    [{ ...device, p256dh: offCurve.toString('base64url') }, 'P256DH_INVALID'],
    [{ ...device, p256dh: device.p256dh.slice(4) }, 'P256DH_INVALID'],
    [{ ...device, p256dh: 'not base64 !' }, 'P256DH_INVALID'],
    [{ ...device, auth: '' }, 'AUTH_INVALID'],
    [{ ...device, auth: `${device.auth}AAAA` }, 'AUTH_INVALID'],
  ] as const
  for (const [keys, code] of cases) {
    expect(codeOf(() => encrypt({ ...keys, plaintext: 'hello' }))).toBe(code)
    expect(() => encrypt({ ...keys, plaintext: 'hello' })).not.toThrow(keys.p256dh)
  }
})

test('a body that was changed anywhere does not open', () => {
  const device = generateSubscriptionKeys()
  const body = encrypt({ ...device, plaintext: 'ring' })
  fc.assert(
    fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Buffer.from(body)
      changed[at] = (changed[at] ?? 0) ^ flip
      // The record size is not authenticated; one that still covers the body changes nothing.
      fc.pre(at < 16 || at > 19)
      expect(codeOf(() => decrypt({ body: changed, ...device }))).toBe('DECRYPTION_FAILED')
    }),
  )
})

test('noise of any length is refused with a code', () => {
  const device = generateSubscriptionKeys()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
      expect(codeOf(() => decrypt({ body, ...device }))).toBe('DECRYPTION_FAILED')
    }),
  )
})

test('a body that belongs to another device does not open', () => {
  const [alice, bob] = [generateSubscriptionKeys(), generateSubscriptionKeys()]
  const body = encrypt({ ...alice, plaintext: 'for alice' })
  expect(codeOf(() => decrypt({ body, ...bob }))).toBe('DECRYPTION_FAILED')
  expect(codeOf(() => decrypt({ body, ...alice, auth: bob.auth }))).toBe('DECRYPTION_FAILED')
})

test('the hand-made HMAC is HMAC', () => {
  const hmac = createHmacSha256()
  const out = Buffer.alloc(32)
  const key = fc.uint8Array({ maxLength: 64 })
  const message = fc.uint8Array({ maxLength: 256 })
  fc.assert(
    fc.property(key, message, (secret, text) => {
      hmac(secret, text, out)
      expect(out.equals(createHmac('sha256', secret).update(text).digest())).toBe(true)
    }),
  )
})
