import { expect, test } from 'vitest'
import { checkVapid, hashVapidKey } from './check-vapid.ts'

/** The example of RFC 8292 section 2.4; it expired at 1453523768. */
const key =
  'BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs'
const token =
  'eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA'
const example = {
  authorization: `vapid t=${token}, k=${key}`,
  cryptoKey: undefined,
  keyHash: hashVapidKey(Buffer.from(key, 'base64url')),
  audience: 'https://push.example.net',
  now: 1_453_523_000_000,
}

test('the example of RFC 8292 passes at its time', () => {
  expect(checkVapid(example)).toBeUndefined()
})

test('the example of RFC 8292 has expired by now', () => {
  expect(checkVapid({ ...example, now: 1_795_000_000_000 })).toBe('vapid-expired')
})

test('the token of one push service does not pass at another', () => {
  expect(checkVapid({ ...example, audience: 'https://push.example.org' })).toBe('vapid-audience')
})

test.each(['vapid', 'vapid ', 'Bearer', '', `vapid t=${token}`, 'Bearer x', 'vapid k=,t='])(
  'the broken header "%s" is refused, not thrown on',
  (authorization) => {
    expect(checkVapid({ ...example, authorization })).toMatch(/^(vapid|crypto-key)-/)
  },
)
