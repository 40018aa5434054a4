import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { startExpo, startWireSender, type WireBehaviour } from '../../test/loopback-expo.ts'
import { chatTo, ringTo, tokenOf } from '../../test/start-sender.ts'

const json = (value: unknown): WireBehaviour => {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }
}

/** A ticket for each message, by its own id. */
const takes: WireBehaviour = (request, response) => {
  const messages: unknown = JSON.parse(request.text)
  const list: unknown[] = Array.isArray(messages) ? messages : []
  const data = list.map((message) => ({ status: 'ok', id: `T-${Object(message).data.id}` }))
  json({ data })(request, response)
}

/** Writes `piece` again and again until the connection is cut. */
const drip = (response: Parameters<WireBehaviour>[1], piece: string) => {
  const timer = setInterval(() => response.socket?.write(piece), 10)
  response.socket?.once('close', () => clearInterval(timer))
}

test('a hundred and twenty chats are two compressed requests over the wire, and each gets its own ticket', async () => {
  const expo = await startExpo(takes)
  const sender = startWireSender(expo.port, { accessToken: 'secret-1' })
  const names = Array.from({ length: 120 }, (_, index) => `d${index}`)
  const outcomes = await Promise.all(names.map((name) => sender.send(chatTo(name))))
  expect(outcomes).toEqual(
    names.map((name) => ({ kind: 'accepted', status: 200, ticketId: `T-${name}` })),
  )
  expect(expo.requests.map(({ text }) => JSON.parse(text).length)).toEqual([100, 20])
  const [first] = expo.requests
  expect(first).toMatchObject({ method: 'POST', url: '/--/api/v2/push/send' })
  expect(first?.headers).toMatchObject({
    accept: 'application/json',
    'accept-encoding': 'gzip, deflate',
    authorization: 'Bearer secret-1',
    'content-encoding': 'gzip',
    'content-type': 'application/json',
  })
})

test('a compressed answer is read', async () => {
  const expo = await startExpo((_request, response) => {
    const body = gzipSync(JSON.stringify({ data: [{ status: 'ok', id: 'T-1' }] }))
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(body)
  })
  const sender = startWireSender(expo.port)
  expect(await sender.send(ringTo('alice'))).toMatchObject({ ticketId: 'T-1' })
})

test('receipts are asked for at their own address', async () => {
  const expo = await startExpo(json({ data: { t1: { status: 'ok' } } }))
  const receipts = await startWireSender(expo.port).receipts(['t1', 't2'])
  expect(Object.fromEntries(receipts)).toEqual({ t1: { kind: 'ok' }, t2: { kind: 'notReady' } })
  expect(expo.requests[0]).toMatchObject({
    url: '/--/api/v2/push/getReceipts',
    text: '{"ids":["t1","t2"]}',
  })
})

test('a redirect is not followed, so that nobody else is sent the tokens', async () => {
  const other = await startExpo(takes)
  const expo = await startExpo((_request, response) => {
    response.writeHead(307, { location: `http://127.0.0.1:${other.port}/` }).end()
  })
  const sender = startWireSender(expo.port)
  expect(await sender.send(ringTo('alice'))).toEqual({
    kind: 'retry',
    reason: 'redirected',
    status: 307,
    ambiguous: false,
  })
  expect(other.requests).toHaveLength(0)
})

test('an Expo that never answers is over at the deadline, and the push may have arrived', async () => {
  const expo = await startExpo(() => undefined)
  const sender = startWireSender(expo.port)
  expect(await sender.send(ringTo('alice', { deadlineMs: 150 }))).toEqual({
    kind: 'retry',
    reason: 'timeout',
    ambiguous: true,
  })
})

test('headers or tickets that drip for ever are over at the deadline', async () => {
  for (const start of ['HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n']) {
    const expo = await startExpo((_request, response) => {
      response.socket?.write(start)
      drip(response, start.endsWith('\r\n\r\n') ? ' ' : 'x-drip: 1\r\n')
    })
    const outcome = await startWireSender(expo.port).send(ringTo('alice', { deadlineMs: 150 }))
    expect(outcome).toEqual({ kind: 'retry', reason: 'timeout', ambiguous: true })
  }
})

test.each([429, 500, 503])(
  'of a %i the status is enough: nobody waits for its body',
  async (status) => {
    const expo = await startExpo((_request, response) => {
      response.socket?.write(`HTTP/1.1 ${status} X\r\ncontent-length: 99999\r\n\r\n`)
      drip(response, '.')
    })
    expect(await startWireSender(expo.port).send(chatTo('alice'))).toMatchObject({
      kind: 'retry',
      status,
      ambiguous: false,
    })
  },
)

test('of an answer of 300 MB almost nothing is read', async () => {
  const piece = Buffer.alloc(64 * 1024, ' ')
  const size = 300 * 1024 * 1024
  let written = 0
  const expo = await startExpo((_request, response) => {
    response.writeHead(200, { 'content-length': String(size) })
    const more = () => {
      while (!response.destroyed && written < size) {
        written += piece.length
        if (!response.write(piece)) {
          response.once('drain', more)
          return
        }
      }
    }
    more()
  })
  expect(await startWireSender(expo.port).send(ringTo('alice'))).toMatchObject({
    reason: 'answer_unreadable',
    ambiguous: true,
  })
  expect(written).toBeLessThan(20 * 1024 * 1024)
})

test('an answer that grows to 300 MB when it is decompressed is not decompressed', async () => {
  const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024, ' '), { level: 1 })
  const expo = await startExpo((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
  })
  const before = process.memoryUsage().arrayBuffers
  expect(await startWireSender(expo.port).send(ringTo('alice'))).toMatchObject({
    reason: 'answer_unreadable',
  })
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 * 1024)
})

test('a connection that breaks leaves it open, before the answer and within it', async () => {
  for (const start of [
    '',
    'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"data":[{"status":"ok"',
  ]) {
    const expo = await startExpo((_request, response) => {
      const { socket } = response
      socket?.write(start || 'HT', () => socket.destroy())
    })
    const outcome = await startWireSender(expo.port).send(ringTo('alice'))
    expect(outcome).toMatchObject({ kind: 'retry', ambiguous: true })
  }
})

test('nobody listening, and no TLS where TLS was expected, are certain not to have arrived', async () => {
  const closed = await startExpo(takes)
  await closed.stop()
  expect(await startWireSender(closed.port).send(chatTo('alice'))).toEqual({
    kind: 'retry',
    reason: 'connect_failed',
    ambiguous: false,
  })
  const plain = await startExpo(takes)
  const baseUrl = `https://127.0.0.1:${plain.port}`
  expect(await startWireSender(plain.port, { baseUrl }).send(chatTo('alice'))).toEqual({
    kind: 'retry',
    reason: 'tls_failed',
    ambiguous: false,
  })
})

test('one bad message among a hundred is found over the wire, and the others arrive', async () => {
  const bad = tokenOf('d57')
  const expo = await startExpo((request, response) => {
    if (!request.text.includes(bad)) return takes(request, response)
    response.writeHead(400).end('{"errors":[{"code":"VALIDATION_ERROR","message":"no"}]}')
  })
  const sender = startWireSender(expo.port, { maxPerSecond: 10_000 })
  const names = Array.from({ length: 100 }, (_, index) => `d${index}`)
  const outcomes = await Promise.all(names.map((name) => sender.send(chatTo(name))))
  expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(99)
  expect(outcomes[57]).toMatchObject({ kind: 'rejected', reason: 'bad_request' })
  expect(expo.requests.length).toBeLessThanOrEqual(15)
})

test('closing ends what is under way, at once', async () => {
  const expo = await startExpo(() => undefined)
  const sender = startWireSender(expo.port)
  const outcome = sender.send(ringTo('alice'))
  await expo.arrived(1)
  await sender.close()
  expect(await outcome).toEqual({ kind: 'retry', reason: 'aborted', ambiguous: true })
})
