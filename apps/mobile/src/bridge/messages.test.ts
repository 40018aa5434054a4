import { expect, test } from '@jest/globals'
import { parsePageMessage } from './messages.ts'

function parse(message: unknown) {
  return parsePageMessage(JSON.stringify(message))
}

test('every message of the page is read as it was meant', () => {
  const messages = [
    { v: 1, type: 'SHELL_READY?' },
    { v: 1, type: 'BADGE', count: 3 },
    { v: 1, type: 'OPEN_SETTINGS' },
    { v: 1, type: 'DISMISS', id: 'call-S' },
    { v: 1, type: 'CHANGE_SERVER' },
    { v: 1, type: 'DOWNLOAD', url: '/files/1', fileName: 'a.pdf' },
    { v: 1, type: 'SIGN_OUT' },
  ]
  expect(messages.map(parse)).toEqual(messages)
})

test('what other scripts in the page post is no message', () => {
  expect(parsePageMessage('')).toBeUndefined()
  expect(parsePageMessage('setImmediate$0.1$')).toBeUndefined()
  expect(parsePageMessage('[]')).toBeUndefined()
  expect(parsePageMessage('null')).toBeUndefined()
  expect(parse({ source: 'react-devtools', type: 'BADGE', count: 1 })).toBeUndefined()
})

test('a message of another version, or an unknown one, is not guessed at', () => {
  expect(parse({ v: 2, type: 'SIGN_OUT' })).toBeUndefined()
  expect(parse({ v: '1', type: 'SIGN_OUT' })).toBeUndefined()
  expect(parse({ v: 1, type: 'EVAL', code: '1' })).toBeUndefined()
  expect(parse({ v: 1, type: '__proto__' })).toBeUndefined()
})

test.each([
  { v: 1, type: 'BADGE' },
  { v: 1, type: 'BADGE', count: '3' },
  { v: 1, type: 'BADGE', count: -1 },
  { v: 1, type: 'BADGE', count: 1.5 },
  { v: 1, type: 'BADGE', count: 1e9 },
  { v: 1, type: 'DISMISS' },
  { v: 1, type: 'DISMISS', id: '' },
  { v: 1, type: 'DISMISS', id: 'x'.repeat(301) },
  { v: 1, type: 'DISMISS', id: { toString: 'call-S' } },
  { v: 1, type: 'DOWNLOAD', url: '/files/1' },
  { v: 1, type: 'DOWNLOAD', url: 7, fileName: 'a' },
  { v: 1, type: 'DOWNLOAD', url: `/${'x'.repeat(2048)}`, fileName: 'a' },
])('a message with a wrong field is dropped: %j', (message) => {
  expect(parse(message)).toBeUndefined()
})

test('fields that this version does not know are left out', () => {
  expect(parse({ v: 1, type: 'BADGE', count: 1, later: true })).toEqual({
    v: 1,
    type: 'BADGE',
    count: 1,
  })
})

test('a message as long as a book is not parsed', () => {
  expect(parse({ v: 1, type: 'SIGN_OUT', more: 'x'.repeat(9_000) })).toBeUndefined()
})
