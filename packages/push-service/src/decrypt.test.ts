import { expect, test } from 'vitest'
import { decrypt } from './decrypt.ts'
import { DecryptError } from './errors.ts'

/** RFC 8291 section 5 and appendix A. */
const rfc8291 = {
  plaintext: 'When I grow up, I want to be a watermelon',
  keys: {
    privateKey: Buffer.from('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94', 'base64url'),
    publicKey: Buffer.from(
      'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      'base64url',
    ),
    auth: Buffer.from('BTBZMqHH6r4Tts7J_aSIgg', 'base64url'),
  },
  body: Buffer.from(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
    'base64url',
  ),
}

function spoil(offset: number, byte: number): Buffer {
  const body = Buffer.from(rfc8291.body)
  body[offset] = byte
  return body
}

test('the example of RFC 8291 reads as its plaintext', () => {
  expect(decrypt(rfc8291.body, rfc8291.keys).toString('utf8')).toBe(rfc8291.plaintext)
})

test.each([
  { what: 'an empty body', body: Buffer.alloc(0) },
  { what: 'a body without ciphertext', body: rfc8291.body.subarray(0, 102) },
  { what: 'a key id of another length', body: spoil(20, 64) },
  { what: 'a sender key off the curve', body: spoil(30, 0) },
  { what: 'a record size below the record', body: spoil(18, 0) },
  { what: 'a spoilt ciphertext', body: spoil(100, 0) },
  { what: 'a spoilt tag', body: spoil(143, 0) },
])('$what is refused as undecryptable', ({ body }) => {
  expect(() => decrypt(body, rfc8291.keys)).toThrow(DecryptError)
})

test('another auth secret does not open it', () => {
  const keys = { ...rfc8291.keys, auth: Buffer.alloc(16) }
  expect(() => decrypt(rfc8291.body, keys)).toThrow('not encrypted for this subscription')
})
