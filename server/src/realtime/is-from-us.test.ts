import { expect, test } from 'vitest'
import { isFromUs } from './is-from-us.ts'

test.each([
  // TLS ends at a proxy that hands on the host that the browser asked.
  ['https://belfry.example', 'belfry.example'],
  ['https://belfry.example:8443', 'belfry.example:8443'],
  ['http://[::1]:8080', '[::1]:8080'],
  ['https://BELFRY.example', 'belfry.EXAMPLE'],
  // The proxy says its own name, but the operator has named the origin.
  ['https://host.example', '10.0.0.7:8080'],
  // An app, which is no page.
  [undefined, 'belfry.example'],
])('the origin %s may open a socket at %s', (origin, host) => {
  expect(isFromUs({ origin, host }, ['https://host.example'])).toBe(true)
})

test.each([
  ['https://evil.example', 'belfry.example'],
  ['https://belfry.example.evil.example', 'belfry.example'],
  ['https://belfry.example:8443', 'belfry.example'],
  ['http://host.example', 'belfry.example'],
  ['null', 'null'],
  ['file://', 'belfry.example'],
  ['', 'belfry.example'],
  ['nonsense', 'nonsense'],
  ['https://evil.example', undefined],
])('the origin %j may not open one at %s', (origin, host) => {
  expect(isFromUs({ origin, host }, ['https://host.example'])).toBe(false)
})
