import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseExpoToken } from './parse-expo-token.ts'

test.each([
  'ExponentPushToken[xxxxxxxxxxxxxxxxxxxxxx]',
  'ExpoPushToken[xxxxxxxxxxxxxxxxxxxxxx]',
  'ExponentPushToken[aB-_3]',
  'ExponentPushToken[a/b+c=:.]',
  'F5741A13-BCDA-434B-A316-5DC0E6FFA94F',
  'f5741a13-bcda-434b-a316-5dc0e6ffa94f',
])('%s is a token, and is kept as it is', (token) => {
  expect(parseExpoToken(token)).toEqual({ ok: true, token })
})

test.each([
  '',
  'ExponentPushToken[]',
  'ExponentPushToken[x',
  'ExponentPushTokenx]',
  'exponentpushtoken[x]',
  'EXPOPUSHTOKEN[x]',
  'ExpoPushToken[a b]',
  'ExpoPushToken[a]\n',
  ' ExpoPushToken[a]',
  'ExpoPushToken[a]]',
  'ExpoPushToken[[a]',
  'ExpoPushToken["a"]',
  'ExpoPushToken[é]',
  'ExpoPushToken[a]ExpoPushToken[b]',
  'f5741a13bcda434ba3165dc0e6ffa94f',
  '-f5741a13-bcda-434b-a316-5dc0e6ffa94f',
  undefined,
  null,
  7,
  {},
  ['ExpoPushToken[a]'],
])('%j is none', (value) => {
  expect(parseExpoToken(value)).toMatchObject({ ok: false, code: 'EXPO_TOKEN_INVALID' })
})

test('a token has at most 255 characters', () => {
  const ofLength = (length: number) => `ExpoPushToken[${'x'.repeat(length - 15)}]`
  expect(parseExpoToken(ofLength(255)).ok).toBe(true)
  expect(parseExpoToken(ofLength(256)).ok).toBe(false)
})

test('whatever is given, the message does not repeat it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 12 }), (value) => {
      const result = parseExpoToken(value)
      if (!result.ok) expect(result.message).not.toContain(value)
    }),
  )
})
