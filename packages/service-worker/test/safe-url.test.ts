import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { safeUrl } from '../src/safe-url.ts'

const app = 'https://app.example/'

test.each([
  [
    'https://app.example/calls/incoming?sessionId=S',
    'https://app.example/calls/incoming?sessionId=S',
  ],
  ['/calls/incoming?sessionId=S', 'https://app.example/calls/incoming?sessionId=S'],
  ['/calls/S', 'https://app.example/calls/S'],
  ['/calls', 'https://app.example/calls'],
  ['/chats/C', 'https://app.example/chats/C'],
  ['/settings/notification', 'https://app.example/settings/notification'],
])('%s is a page of the app', (navigate, url) => {
  expect(safeUrl(navigate, app)).toBe(url)
})

test.each([
  'javascript:alert(1)',
  'data:text/html,hello',
  '//evil.example/chats/C',
  '/\\evil.example',
  'https://evil.example/chats/C',
  'https://app.example.evil.example/chats/C',
  'https://app.example:8443/chats/C',
  'http://app.example/chats/C',
  'https://user@app.example/chats/C',
  '/chats/../admin',
  '/logout',
  '/chats/C?next=//evil.example',
  'https://app.example//evil.example',
])('%s leads to the root of the app', (navigate) => {
  expect(safeUrl(navigate, app)).toBe(app)
})

test('an action in the address is cut off', () => {
  const url = 'https://app.example/calls/incoming?sessionId=S'
  expect(safeUrl(`${url}&action=answer`, app)).toBe(url)
  expect(safeUrl(`${url}#answer`, app)).toBe(url)
})

test('an app below a path stays below it', () => {
  expect(safeUrl('https://x.example/bell/chats/C', 'https://x.example/bell/')).toBe(
    'https://x.example/bell/chats/C',
  )
  expect(safeUrl('https://x.example/chats/C', 'https://x.example/bell/')).toBe(
    'https://x.example/bell/',
  )
})

test('whatever is given, the address is the app’s own', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.jsonValue()), (navigate) => {
      expect(safeUrl(navigate, app).startsWith(app)).toBe(true)
    }),
  )
})
