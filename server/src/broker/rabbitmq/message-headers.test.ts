import { expect, test } from 'vitest'
import { readEnvelope, writeEnvelope } from './message-headers.ts'

test('an envelope is read as it was written', () => {
  const envelope = { publishedMs: 1_795_300_000_000, tries: 3, throws: 2, remainingMs: 1500 }
  expect(readEnvelope({ headers: { ...writeEnvelope(envelope) } })).toEqual(envelope)
})

test('who sends no headers, or nonsense in them, is believed nothing', () => {
  const nothing = { publishedMs: null, tries: 0, throws: 0, remainingMs: 0 }
  expect(readEnvelope({ headers: undefined })).toEqual(nothing)
  const nonsense = {
    'x-belfry-published-ms': 'yesterday',
    'x-belfry-tries': -1,
    'x-belfry-throws': { '!': 'timestamp', value: 1 },
    'x-belfry-remaining-ms': Number.POSITIVE_INFINITY,
  }
  expect(readEnvelope({ headers: nonsense })).toEqual(nothing)
})
