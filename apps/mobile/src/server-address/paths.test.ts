import { expect, test } from '@jest/globals'
import { linkPath } from './link-path.ts'
import { safePath } from './safe-path.ts'

const origin = 'https://chat.example'

test.each([
  '/',
  '/chats/1',
  '/calls/incoming?sessionId=S%20x',
  '/settings/notification#status',
  '/chats/größe',
])('%s is a path of the server', (path) => {
  expect(safePath(path)).toBe(path)
})

test.each([
  '//evil.tld/x',
  '/\\evil.tld',
  '\\/evil.tld',
  '/\t/evil.tld',
  '/ /evil.tld',
  '/a\nb',
  '/a\u202Eb',
  '/a\u0000b',
  'chats/1',
  'https://evil.tld',
  'javascript:alert(1)',
  '',
  `/${'x'.repeat(2048)}`,
  7,
  undefined,
  null,
])('%j is none', (path) => {
  expect(safePath(path)).toBeUndefined()
})

test.each([
  ['https://chat.example/chats/1', '/chats/1'],
  ['https://chat.example/calls/incoming?sessionId=S', '/calls/incoming?sessionId=S'],
  ['https://chat.example', '/'],
  ['https://chat.example?x=1', '/?x=1'],
  ['belfry://chats/1', '/chats/1'],
  ['belfry:///chats/1', '/chats/1'],
  ['BELFRY://calls/incoming?sessionId=S', '/calls/incoming?sessionId=S'],
  ['belfry://', '/'],
  ['belfry:////evil.tld', '/evil.tld'],
])('the link %s opens %s', (link, path) => {
  expect(linkPath(link, origin)).toBe(path)
})

test.each([
  'https://evil.tld/chats/1',
  'https://chat.example.evil.tld/',
  'https://chat.example//evil.tld',
  'belfry://chats/\\evil',
  'exp+belfry://expo-development-client/?url=http%3A%2F%2F10.0.0.1',
  'belfry://expo-development-client/?url=http%3A%2F%2F10.0.0.1',
  'other://chats/1',
])('the link %s opens nothing', (link) => {
  expect(linkPath(link, origin)).toBeUndefined()
})
