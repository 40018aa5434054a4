import { expect, test } from 'vitest'
import { integer, integerOrNull, json, text, textOrNull, UnexpectedColumnError } from './row.ts'

test('a column is what it is said to be, or an error that names it and not its value', () => {
  const row = { name: 'canary', age: 7, gone: null }
  expect([
    text(row, 'name'),
    integer(row, 'age'),
    textOrNull(row, 'gone'),
    integerOrNull(row, 'gone'),
  ]).toEqual(['canary', 7, null, null])
  const wrong = [
    () => text(row, 'age'),
    () => text(row, 'gone'),
    () => integer(row, 'name'),
    () => integer({ big: 2 ** 60 }, 'big'),
    () => integerOrNull(row, 'missing'),
    () => json(row, 'name', (value) => value),
  ]
  for (const read of wrong) {
    expect(read).toThrow(UnexpectedColumnError)
    expect(read).not.toThrow(/canary/)
  }
})
