import { expect, test } from 'vitest'
import { createKeyMismatches } from './key-mismatch.ts'

const hourMs = 3_600_000

test('when nothing was accepted with that key, nothing is forgotten: our key may be the wrong one', () => {
  const rule = createKeyMismatches(() => 0)
  expect(rule.mayForget('https://push', 'key', 'bad')).toBe(false)
})

test('an acceptance of the very same endpoint proves nothing', () => {
  const rule = createKeyMismatches(() => 0)
  rule.noteAccepted('https://push', 'key', 'bad')
  expect(rule.mayForget('https://push', 'key', 'bad')).toBe(false)
})

test('another endpoint of that origin with the same key does', () => {
  const rule = createKeyMismatches(() => 0)
  rule.noteAccepted('https://push', 'key', 'good')
  expect(rule.mayForget('https://elsewhere', 'key', 'bad')).toBe(false)
  expect(rule.mayForget('https://push', 'other key', 'bad')).toBe(false)
  expect(rule.mayForget('https://push', 'key', 'bad')).toBe(true)
})

test('the bad endpoint that was accepted last does not hide the good one before it', () => {
  const rule = createKeyMismatches(() => 0)
  rule.noteAccepted('https://push', 'key', 'good')
  rule.noteAccepted('https://push', 'key', 'bad')
  expect(rule.mayForget('https://push', 'key', 'bad')).toBe(true)
})

test('after an hour the acceptance is too old', () => {
  let now = 0
  const rule = createKeyMismatches(() => now)
  rule.noteAccepted('https://push', 'key', 'good')
  now = hourMs
  expect(rule.mayForget('https://push', 'key', 'bad')).toBe(false)
})

test('five an hour at most', () => {
  let now = 0
  const rule = createKeyMismatches(() => now)
  const forget = (endpoint: string) => {
    rule.noteAccepted('https://push', 'key', 'good')
    return rule.mayForget('https://push', 'key', endpoint)
  }
  expect(['a', 'b', 'c', 'd', 'e', 'f'].map(forget)).toEqual([true, true, true, true, true, false])
  now = hourMs
  expect(forget('f')).toBe(true)
})
