import { expect, test } from 'vitest'
import { isOwnPath } from './own-path.ts'

test('an address within the app is one', () => {
  const paths = ['/', '/chats', '/chats/a%2Fb', '/calls/incoming?sessionId=S', '/settings#devices']
  expect(paths.filter(isOwnPath)).toEqual(paths)
})

test('what leads elsewhere, or is no path, is none', () => {
  const others = [
    '',
    'chats',
    '//evil.example',
    '/\\evil.example',
    '/..//evil.example',
    '/./..//evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    '/a b',
    '/a\nb',
    '/a\u0000b',
    `/${'x'.repeat(2048)}`,
  ]
  expect(others.filter(isOwnPath)).toEqual([])
})
