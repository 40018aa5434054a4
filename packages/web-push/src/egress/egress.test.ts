import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { AllowedHosts } from '../subscription/allowed-hosts.ts'
import { createAllowedHosts } from '../subscription/allowed-hosts.ts'
import { createGuardedConnect, type EgressOptions } from './create-guarded-connect.ts'
import { EgressError } from './egress-error.ts'
import { createGuardedLookup } from './guarded-lookup.ts'
import { createIsGlobalAddress } from './is-global-address.ts'
import { parsePushResolve } from './parse-push-resolve.ts'
import type { Resolver } from './resolver.ts'

const isGlobal = createIsGlobalAddress()

test.each([
  '8.8.8.8',
  '1.1.1.1',
  '142.250.74.106',
  '17.188.180.12',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.0',
  '223.255.255.255',
  '2001:4860:4860::8888',
  '2a00:1450:4001:82a::200a',
  '2620:149:a44::1',
  '2606:4700::6810:84e5',
  '2001:200::1',
])('%s is an address of the public internet', (address) => {
  expect(isGlobal(address)).toBe(true)
})

test.each([
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '100.64.0.1',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.7',
  '203.0.113.7',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '::ffff:7f00:1',
  '0:0:0:0:0:ffff:a00:1',
  '64:ff9b::7f00:1',
  '64:ff9b::8.8.8.8',
  '64:ff9b:1::a00:1',
  '100::1',
  '2001::1',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  '2001:2::1',
  '2001:10::1',
  '2001:20::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '2002:a00:1::1',
  '3fff::1',
  '2001:4860::5efe:7f00:1',
  '2001:4860::5efe:10.0.0.1',
  '2a00:1450:4001:82a:200:5efe:c0a8:101',
  '4000::1',
  '5f00::1',
  'fc00::1',
  'fd12:3456:789a::1',
  'fe80::1',
  'fe80::1%eth0',
  '2a00:1450::1%eth0',
  'fec0::1',
  'ff02::1',
  'localhost',
  '0x7f.1',
  '0177.0.0.1',
  '127.1',
  '2130706433',
  '',
])('%j is not', (address) => {
  expect(isGlobal(address)).toBe(false)
})

const listen = async (host: string, port = 0) => {
  const sockets = new Set<object>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.end()
  })
  await new Promise<void>((resolve) => server.listen(port, host, resolve))
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())))
  return { port: portOf(server.address()), hits: () => sockets.size }
}

const portOf = (address: AddressInfo | string | null) =>
  typeof address === 'object' && address ? address.port : 0

/** Opens a socket through a lookup; the address that it reached, or the error's code. */
const dial = (port: number, lookup: ReturnType<typeof createGuardedLookup>) =>
  new Promise<string | undefined>((resolve) => {
    const socket = connect({ host: 'push.example.net', port, lookup })
    socket.once('connect', () => {
      resolve(socket.remoteAddress)
      socket.destroy()
    })
    socket.once('error', (error) => resolve('code' in error ? String(error.code) : error.message))
  })

test('a name with one private address among public ones is not dialled at all', async () => {
  const { port, hits } = await listen('127.0.0.1')
  const resolver: Resolver = async () => [
    { address: '127.0.0.1', family: 4 },
    { address: '8.8.8.8', family: 4 },
  ]
  expect(await dial(port, createGuardedLookup(resolver, isGlobal))).toBe('ADDRESS_FORBIDDEN')
  expect(hits()).toBe(0)
})

test('a name that rebinds between check and use is dialled at the address that was checked', async () => {
  const honest = await listen('127.0.0.1')
  const inside = await listen('127.0.0.2', honest.port)
  let lookups = 0
  const rebinding: Resolver = async () => {
    lookups++
    return [{ address: lookups === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }]
  }
  // Loopback stands in for the internet: 127.0.0.1 is "public" here, 127.0.0.2 is not.
  const guarded = createGuardedLookup(rebinding, (address) => address === '127.0.0.1')
  expect(await dial(honest.port, guarded)).toBe('127.0.0.1')
  expect(lookups).toBe(1)
  expect(await dial(honest.port, guarded)).toBe('ADDRESS_FORBIDDEN')
  expect(inside.hits()).toBe(0)
})

test('a name without an address says so', async () => {
  expect(
    await dial(
      1,
      createGuardedLookup(async () => [], isGlobal),
    ),
  ).toBe('ENOTFOUND')
})

/** Asks the guard for a connection; the refusal's code. */
const refusal = (url: string, options: Partial<EgressOptions> = {}) =>
  new Promise((resolve) => {
    const { protocol, hostname, port } = new URL(url)
    const guarded = createGuardedConnect({ allowedHosts: createAllowedHosts(), ...options })
    const bare = hostname.replace(/^\[|\]$/g, '')
    guarded.connect({ protocol, hostname: bare, host: hostname, port }, (error, socket) => {
      socket?.destroy()
      resolve(error instanceof EgressError ? error.code : error)
    })
  })

const loopback: Resolver = async () => [{ address: '127.0.0.1', family: 4 }]

test.each([
  'https://evil.example.com/',
  'https://fcm.googleapis.com:8443/',
  'http://fcm.googleapis.com/',
  'https://127.0.0.1/',
  'https://[::1]/',
])('the guard opens nothing to %s, whoever asks', async (url) => {
  expect(await refusal(url, { resolver: loopback })).toBe('HOST_FORBIDDEN')
})

test('a push service whose DNS answers with a private address is refused', async () => {
  expect(await refusal('https://fcm.googleapis.com/', { resolver: loopback })).toBe(
    'ADDRESS_FORBIDDEN',
  )
})

test('literals are checked though no lookup happens for them', async () => {
  const anyHost: AllowedHosts = { standingOf: () => 'public' }
  const never: Resolver = () => Promise.reject(new Error('a literal was looked up'))
  for (const url of [
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/',
  ]) {
    expect(await refusal(url, { allowedHosts: anyHost, resolver: never })).toBe('ADDRESS_FORBIDDEN')
  }
  const anyHttp: AllowedHosts = {
    standingOf: (_host, port) => (port === 80 ? 'public' : 'forbidden'),
  }
  expect(await refusal('http://8.8.8.8/', { allowedHosts: anyHttp })).toBe('HOST_FORBIDDEN')
})

test("the operator's own host and port may be private, and plain", async () => {
  const { port, hits } = await listen('127.0.0.1')
  const allowedHosts = createAllowedHosts([`push.internal.example:${port}`, `127.0.0.1:${port}`])
  expect(
    await refusal(`http://push.internal.example:${port}/`, { allowedHosts, resolver: loopback }),
  ).toBeNull()
  expect(await refusal(`http://127.0.0.1:${port}/`, { allowedHosts })).toBeNull()
  expect(hits()).toBe(2)
})

test('PUSH_RESOLVE is read like a list for curl', () => {
  expect([
    ...parsePushResolve('fcm.googleapis.com:443=127.0.0.1:8443, JMT17.google.com:443=[::1]:9443,'),
  ]).toEqual([
    ['fcm.googleapis.com:443', { address: '127.0.0.1', port: 8443 }],
    ['jmt17.google.com:443', { address: '::1', port: 9443 }],
  ])
  expect(parsePushResolve('').size).toBe(0)
})

test.each([
  'fcm.googleapis.com',
  'fcm.googleapis.com=127.0.0.1',
  'fcm.googleapis.com:443=localhost:1',
  'a:443=127.0.0.1:0',
  'a:0=127.0.0.1:1',
  'a:443=127.0.0.1:99999',
])('PUSH_RESOLVE refuses %s', (text) => {
  expect(() => parsePushResolve(text)).toThrow(
    expect.objectContaining({ code: 'PUSH_RESOLVE_INVALID' }),
  )
})
