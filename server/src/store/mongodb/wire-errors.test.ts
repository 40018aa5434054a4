import { MongoNetworkError, MongoServerError } from 'mongodb'
import { expect, test } from 'vitest'
import { failureOf, isDuplicate, LostRaceError } from './wire-errors.ts'

const server = (fields: { code?: number; message: string; errorLabels?: string[] }) =>
  new MongoServerError(fields)
const exclusion = server({
  code: 1,
  message: 'conflicting key value violates exclusion constraint "documents_rum_index_5"',
})

test('a duplicate is known by its code, and from FerretDB by its sentence', () => {
  expect(isDuplicate(server({ code: 11000, message: 'E11000 duplicate key error' }))).toBe(true)
  expect(isDuplicate(exclusion)).toBe(true)
  const building = 'could not create exclusion constraint "documents_rum_index_3"'
  expect(isDuplicate(server({ code: 1, message: building }))).toBe(true)
  expect(isDuplicate(server({ code: 1, message: 'terminating connection' }))).toBe(false)
  expect(isDuplicate(new Error('violates unique constraint'))).toBe(false)
})

test.each([
  ['a write conflict', server({ code: 112, message: 'WriteConflict' })],
  ['a deadlock of FerretDB’s', server({ code: 1, message: 'deadlock detected' })],
  ['a duplicate that an upsert met', server({ code: 11000, message: 'E11000' })],
  ['a race that was lost to what cannot be seen yet', new LostRaceError('a message')],
  [
    'what the server calls transient',
    server({ code: 251, message: 'x', errorLabels: ['TransientTransactionError'] }),
  ],
])('%s was not written, and is tried again', (_what, error) => {
  expect(failureOf(error)).toBe('conflict')
})

test.each([
  ['a connection that was cut', new MongoNetworkError('socket closed')],
  [
    'a socket that was closed at the moment of the write, in Node’s own words',
    Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' }),
  ],
  ['an election', server({ code: 10107, message: 'not primary' })],
  ['a PostgreSQL that is away', server({ code: 1, message: 'terminating connection' })],
  [
    'what the server calls retryable',
    server({ message: 'x', errorLabels: ['RetryableWriteError'] }),
  ],
])('%s leaves open what was written', (_what, error) => {
  expect(failureOf(error)).toBe('unknown')
})

test.each([
  ['a wrong password', server({ code: 18, message: 'Authentication failed' })],
  ['a mistake of ours', new TypeError('x is not a function')],
])('%s is not tried again', (_what, error) => {
  expect(failureOf(error)).toBe('refused')
})
