import { expect, test } from 'vitest'
import { failureReason } from './failure-reason.ts'
import { retryAfterMs } from './retry-after.ts'

const NOW = Date.UTC(2026, 10, 21, 10)
const DAY = 86_400_000

test.each([
  [null, undefined],
  ['120', 120_000],
  [' 5 ', 5000],
  ['0', 0],
  ['-5', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['', undefined],
  ['0x10', undefined],
  ['315360000', DAY],
  ['9'.repeat(400), DAY],
  ['Sat, 21 Nov 2026 10:00:30 GMT', 30_000],
  ['Saturday, 21-Nov-26 10:00:30 GMT', 30_000],
  ['Sat, 21 Nov 2026 09:59:30 GMT', undefined],
  ['Sat, 21 Nov 2099 10:00:00 GMT', DAY],
  ['Sat, what', undefined],
])('Retry-After %j is %j ms', (value, expected) => {
  expect(retryAfterMs(value, NOW)).toBe(expected)
})

const failed = (cause: unknown) => new TypeError('fetch failed', { cause })
const socketError = (code: string, syscall?: string) =>
  Object.assign(new Error(code), { code, ...(syscall === undefined ? {} : { syscall }) })

test.each([
  ['no such name', socketError('ENOTFOUND', 'getaddrinfo'), 'dns_failed'],
  ['no name server', socketError('EAI_AGAIN', 'getaddrinfo'), 'dns_failed'],
  ['refused', socketError('ECONNREFUSED', 'connect'), 'connect_failed'],
  ['no way there', socketError('ETIMEDOUT', 'connect'), 'connect_failed'],
  [
    'refused at both addresses',
    new AggregateError([
      socketError('ECONNREFUSED', 'connect'),
      socketError('ENETUNREACH', 'connect'),
    ]),
    'connect_failed',
  ],
  ['no handshake in time', socketError('UND_ERR_CONNECT_TIMEOUT'), 'connect_failed'],
  ['a strange certificate', socketError('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls_failed'],
  ['a certificate for another name', socketError('ERR_TLS_CERT_ALTNAME_INVALID'), 'tls_failed'],
  ['reset', socketError('ECONNRESET', 'read'), 'connection_lost'],
  ['no answer to what was written', socketError('ETIMEDOUT', 'read'), 'connection_lost'],
  ['closed', socketError('UND_ERR_SOCKET'), 'connection_lost'],
  ['nothing known', undefined, 'connection_lost'],
])('%s', (_name, cause, reason) => {
  expect(failureReason(failed(cause))).toBe(reason)
})

test('an error that is its own cause comes to an end', () => {
  const error = new Error('round')
  error.cause = error
  expect(failureReason(error)).toBe('connection_lost')
})
