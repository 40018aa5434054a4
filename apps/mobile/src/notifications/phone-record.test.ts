import { expect, test } from '@jest/globals'
import { permissionState } from './permission-state.ts'
import { emptyRecord, parseRecord, withClock, withEnded, withSeen } from './phone-record.ts'

test('a record is the same after it was written and read', () => {
  const record = withClock(withEnded(withSeen(emptyRecord, 'a'), 'S'), 100, 90_000)
  expect(record).toEqual({ seen: ['a'], ended: ['S'], clockOffsetMs: 10_000 })
  expect(parseRecord(JSON.parse(JSON.stringify(record)))).toEqual(record)
})

test('a broken record is an empty one', () => {
  expect([undefined, 'x', { seen: 7, ended: [1], clockOffsetMs: 'x' }].map(parseRecord)).toEqual([
    emptyRecord,
    emptyRecord,
    emptyRecord,
  ])
})

test('the newest two hundred are kept', () => {
  let record = emptyRecord
  for (let index = 0; index < 300; index += 1) record = withSeen(record, `d${index}`)
  expect(record.seen).toHaveLength(200)
  expect(record.seen.at(-1)).toBe('d299')
  expect(record.seen).not.toContain('d99')
})

test('a push that was long on its way does not set the clock back', () => {
  const record = withClock(emptyRecord, 100, 90_000)
  expect(withClock(record, 100, 99_000).clockOffsetMs).toBe(10_000)
  expect(withClock(record, 0, 1_000_000).clockOffsetMs).toBe(10_000)
})

test('Android that says denied before it was asked may still be asked', () => {
  expect(permissionState({ granted: false, canAskAgain: true })).toBe('undetermined')
  expect(permissionState({ granted: false, canAskAgain: false })).toBe('denied')
  expect(permissionState({ granted: true, canAskAgain: true })).toBe('granted')
})
