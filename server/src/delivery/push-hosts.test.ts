import { expect, test } from 'vitest'
import { placeOfEndpoint } from './push-hosts.ts'

test.each([
  'https://updates.push.services.mozilla.com/wpush/v2/abc//def?x=//y#/z',
  'https://fcm.googleapis.com/',
  'https://push.example:8443/a',
  'http://127.0.0.1:21200/push/1',
  'https://xn--mnchen-3ya.example/a',
])('the place of %s is what the URL parser says', (endpoint) => {
  const { href, origin, host } = new URL(endpoint)
  expect(placeOfEndpoint(href)).toEqual({ origin, host })
})
