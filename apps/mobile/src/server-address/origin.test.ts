import { describe, expect, test } from '@jest/globals'
import { URL as PhoneURL } from 'whatwg-url-minimum'
import { isSameOrigin, originOf } from './origin.ts'

const origin = 'https://chat.example'

// The phone's JavaScript has no URL of its own: Expo brings this one. Both have to agree.
describe.each([
  ['this machine', globalThis.URL],
  ['the phone', PhoneURL],
])('by the address parser of %s', (_, parser) => {
  function sameOrigin(address: string): boolean {
    const before = globalThis.URL
    Object.assign(globalThis, { URL: parser })
    try {
      return isSameOrigin(address, origin)
    } finally {
      Object.assign(globalThis, { URL: before })
    }
  }

  test.each([
    'https://chat.example',
    'https://chat.example/',
    'https://chat.example/chats/1?x=1#y',
    'https://chat.example:443/',
    'https://CHAT.example/',
    'https://chat.example\\@evil.tld/',
  ])('%s is the server', (address) => {
    expect(sameOrigin(address)).toBe(true)
  })

  test.each([
    'https://chat.example.evil.tld/',
    'https://chat.example@evil.tld/',
    'https://chat.example:pass@evil.tld/',
    'https://evil.tld/https://chat.example/',
    'https://evil.tld?https://chat.example',
    'https://chat.example:8443/',
    'http://chat.example/',
    'https://sub.chat.example/',
    'https://chatxexample/',
    '//chat.example/',
    '/chats',
    'javascript:location="https://chat.example"',
    'blob:https://chat.example/1',
    'data:text/html,https://chat.example',
    'about:blank',
    'intent://chat.example/#Intent;scheme=https;end',
    'file:///android_asset/x.html',
    '',
  ])('%s is not', (address) => {
    expect(sameOrigin(address)).toBe(false)
  })
})

test('an origin keeps a port that is not the default one', () => {
  expect(originOf('https://chat.example:8443/x')).toBe('https://chat.example:8443')
  expect(originOf('http://localhost:8080')).toBe('http://localhost:8080')
  expect(originOf('ftp://chat.example')).toBeUndefined()
})
