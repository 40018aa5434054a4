import { EventEmitter, once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { getHeapStatistics } from 'node:v8'
import { expect, onTestFinished, test } from 'vitest'
import { startPushService, type Behaviour } from '../../test/loopback-push-service.ts'
import { chatPush, resolveTo, startSender } from '../../test/send-to-loopback.ts'
import { createAllowedHosts } from '../subscription/allowed-hosts.ts'
import { ca, cert, key } from '../../test/tls/index.ts'

const MOZILLA = 'updates.push.services.mozilla.com'

const never = () => undefined
const accepts: Behaviour = (_request, response) => response.writeHead(201).end()

/** Writes `piece` again and again until the connection is cut. */
const drip = (response: Parameters<Behaviour>[1], piece: string) => {
  const timer = setInterval(() => response.socket?.write(piece), 10)
  response.socket?.once('close', () => clearInterval(timer))
}

/** A TCP server that does `onSocket` with each connection; closed with the test. */
const startTcp = async (onSocket: (socket: Socket) => void) => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () => {
    for (const socket of sockets) socket.destroy()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  onTestFinished(stop)
  const address = server.address()
  return { port: typeof address === 'object' && address ? address.port : 0, stop }
}

test('a service that never answers is over at the deadline, and the push may have arrived', async () => {
  const service = await startPushService(never)
  const sender = startSender(service.port)
  const outcome = await sender.send(chatPush(MOZILLA, { deadlineMs: 150 }))
  expect(outcome).toEqual({ kind: 'retry', reason: 'timeout', ambiguous: true })
})

test('headers that drip for ever are over at the deadline', async () => {
  const service = await startPushService((_request, response) => {
    response.socket?.write('HTTP/1.1 201 Created\r\n')
    drip(response, 'x-drip: 1\r\n')
  })
  const sender = startSender(service.port)
  const outcome = await sender.send(chatPush(MOZILLA, { deadlineMs: 150 }))
  expect(outcome).toEqual({ kind: 'retry', reason: 'timeout', ambiguous: true })
})

test.each([
  [201, { kind: 'accepted', status: 201 }],
  [410, { kind: 'gone', status: 410 }],
  [500, { kind: 'retry', status: 500, ambiguous: false }],
])(
  'a body that drips for ever behind a %i is cut at the deadline, and the status counts',
  async (status, expected) => {
    const service = await startPushService((_request, response) => {
      response.socket?.write(`HTTP/1.1 ${status} X\r\ncontent-length: 100000\r\n\r\n`)
      drip(response, '.')
    })
    const sender = startSender(service.port)
    expect(await sender.send(chatPush(MOZILLA, { deadlineMs: 150 }))).toMatchObject(expected)
  },
)

test('of a body of 300 MB almost nothing is read, and the status counts', async () => {
  const piece = Buffer.alloc(64 * 1024, 'x')
  let written = 0
  const service = await startPushService((_request, response) => {
    response.writeHead(201, { 'content-length': String(300 * 1024 * 1024) })
    const more = () => {
      while (!response.destroyed && written < 300 * 1024 * 1024) {
        written += piece.length
        if (!response.write(piece)) {
          response.once('drain', more)
          return
        }
      }
    }
    more()
  })
  const sender = startSender(service.port)
  const before = getHeapStatistics().malloced_memory
  expect(await sender.send(chatPush())).toEqual({ kind: 'accepted', status: 201 })
  expect(written).toBeLessThan(20 * 1024 * 1024)
  expect(getHeapStatistics().malloced_memory - before).toBeLessThan(20 * 1024 * 1024)
})

test('a connection that breaks after the status is an answer; before it, nobody knows', async () => {
  const service = await startPushService((request, response) => {
    if (request.url !== '/silent')
      response.socket?.write('HTTP/1.1 201 Created\r\ncontent-length: 9\r\n\r\n', () =>
        response.socket?.destroy(),
      )
    else response.socket?.destroy()
  })
  const sender = startSender(service.port)
  expect(await sender.send(chatPush(MOZILLA))).toEqual({ kind: 'accepted', status: 201 })
  expect(await sender.send(chatPush(MOZILLA, { path: '/silent' }))).toEqual({
    kind: 'retry',
    reason: 'connection_lost',
    ambiguous: true,
  })
})

test('an answer that is no HTTP is a lost connection', async () => {
  const service = await startPushService((_request, response) =>
    response.socket?.write('\u0000\u0001 hello\r\n\r\n'),
  )
  const sender = startSender(service.port)
  expect(await sender.send(chatPush())).toEqual({
    kind: 'retry',
    reason: 'connection_lost',
    ambiguous: true,
  })
})

test('an announcement (1xx) is not taken for the answer', async () => {
  const service = await startPushService((_request, response) => {
    response.writeEarlyHints({ link: '</a>; rel=preload' })
    response.writeHead(410).end()
  })
  const sender = startSender(service.port)
  expect(await sender.send(chatPush())).toMatchObject({ kind: 'gone', status: 410 })
})

test('nobody listening, no such name, and no answer to the handshake are certain not to have arrived', async () => {
  const closed = await startTcp(never)
  await closed.stop()
  expect(await startSender(closed.port).send(chatPush())).toEqual({
    kind: 'retry',
    reason: 'connect_failed',
    ambiguous: false,
  })

  const resolver = () =>
    Promise.reject(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' }))
  const lost = startSender(0, { egress: { resolver, pushResolve: new Map() } })
  expect(await lost.send(chatPush())).toEqual({
    kind: 'retry',
    reason: 'dns_failed',
    ambiguous: false,
  })

  const mute = await startTcp(never)
  const outcome = await startSender(mute.port).send(chatPush(MOZILLA, { deadlineMs: 150 }))
  expect(outcome).toEqual({ kind: 'retry', reason: 'timeout', ambiguous: false })

  const reset = await startTcp((socket) => socket.destroy())
  expect(await startSender(reset.port).send(chatPush())).toMatchObject({
    kind: 'retry',
    ambiguous: false,
  })
})

test('a connect that hangs ends before the deadline when its own limit is shorter', async () => {
  const mute = await startTcp(never)
  const sender = startSender(mute.port, {
    egress: { ca, pushResolve: resolveTo(mute.port, MOZILLA), connectTimeoutMs: 100 },
  })
  expect(await sender.send(chatPush(MOZILLA))).toEqual({
    kind: 'retry',
    reason: 'connect_failed',
    ambiguous: false,
  })
})

test('a certificate that nobody vouches for, one for another name, and TLS 1.1 are refused, never accepted', async () => {
  const service = await startPushService(accepts)
  const strangers = resolveTo(service.port, 'fcm.googleapis.com', 'push.example.org')
  const untrusting = startSender(service.port, {
    egress: { ca: undefined, pushResolve: strangers },
  })
  expect(await untrusting.send(chatPush())).toEqual({
    kind: 'retry',
    reason: 'tls_failed',
    ambiguous: false,
  })

  const allowedHosts = createAllowedHosts(['push.example.org'])
  const misled = startSender(service.port, { egress: { allowedHosts, pushResolve: strangers } })
  expect(await misled.send(chatPush('push.example.org'))).toEqual({
    kind: 'retry',
    reason: 'tls_failed',
    ambiguous: false,
  })

  const old = await startPushService(accepts, {
    cert,
    key,
    minVersion: 'TLSv1.1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  })
  expect(await startSender(old.port).send(chatPush())).toMatchObject({
    kind: 'retry',
    reason: 'tls_failed',
  })
  expect(service.requests).toHaveLength(0)
})

test('closing also ends a connection that is still being made, so that a process can exit', async () => {
  const events = new EventEmitter()
  const mute = await startTcp((socket) => {
    socket.resume()
    socket.once('close', () => events.emit('closed'))
    events.emit('opened')
  })
  const sender = startSender(mute.port)
  const opened = once(events, 'opened')
  const closed = once(events, 'closed')
  const outcome = sender.send(chatPush())
  await opened
  await sender.close()
  expect(await outcome).toEqual({ kind: 'retry', reason: 'aborted', ambiguous: false })
  await closed
})
