import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { shorten } from './shorten.ts'

const within = (bytes: number) => (text: string) => Buffer.byteLength(text) <= bytes

test('what fits stays as it is', () => {
  expect(shorten('hello', within(5))).toBe('hello')
})

test('what does not ends in an ellipsis', () => {
  expect(shorten('hello world', within(9))).toBe('hello…')
})

test('a family, a flag and an accent are each one character, and never cut apart', () => {
  const family = '👨‍👩‍👧‍👦'
  expect(shorten(`ab${family}${family}`, within(29))).toBe('ab…')
  expect(shorten(`🇩🇪🇫🇷🇮🇹`, within(20))).toBe('🇩🇪🇫🇷…')
  expect(shorten('e\u0301e\u0301e\u0301', within(7))).toBe('e\u0301…')
})

test('when not even one character fits, nothing is left', () => {
  expect(shorten('👨‍👩‍👧‍👦', within(10))).toBe('')
})

test('the result always fits, and is a beginning of the text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.integer({ min: 0, max: 400 }),
      (text, bytes) => {
        const short = shorten(text, within(bytes))
        expect(Buffer.byteLength(short)).toBeLessThanOrEqual(bytes)
        expect(text.startsWith(short.replace(/…$/, ''))).toBe(true)
      },
    ),
  )
})
