import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { BrokerUnavailableError } from '../broker-unavailable-error.ts'
import { rabbitMqBroker, type RabbitMqBrokerOptions } from './rabbitmq-broker.ts'

const silent = { info: () => {}, warn: () => {}, error: () => {} }
let server: Server | undefined

afterEach(
  () =>
    new Promise<void>((resolve) => {
      if (server === undefined) resolve()
      else server.close(() => resolve())
      server = undefined
    }),
)

/** The port of something that listens and is no RabbitMQ. */
function listening(onConnection: (socket: NodeJS.ReadWriteStream) => void): Promise<number> {
  return new Promise((resolve) => {
    const made = createServer((socket) => {
      socket.on('error', () => {}) // The client hangs up.
      onConnection(socket)
    })
    server = made
    made.listen(0, '127.0.0.1', () => {
      const address = made.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

function start(port: number, options: Partial<RabbitMqBrokerOptions> = {}) {
  const url = `amqp://belfry:secret@127.0.0.1:${port}/`
  return rabbitMqBroker({ url, log: silent, now: Date.now, startWithinMs: 300, ...options })
}

async function expectAway(port: number): Promise<void> {
  const broker = await start(port)
  await expect(broker.ping()).rejects.toThrow(BrokerUnavailableError)
  await broker.close()
}

test('nobody listens: it starts without it in time, and says once where and what to do, without the password', async () => {
  const port = await listening(() => {})
  server?.close()
  const warned: unknown[][] = []
  const warn = (...line: unknown[]) => void warned.push(line)
  const broker = await start(port, { log: { ...silent, warn } })
  const said = warned.filter(([, words]) => String(words).includes('starting without it'))
  expect(said).toEqual([
    [
      { host: `127.0.0.1:${port}/`, err: expect.objectContaining({ code: 'ECONNREFUSED' }) },
      'RabbitMQ: not there, starting without it; what is accepted waits in the outbox. Start it, or correct RABBITMQ_URL',
    ],
  ])
  expect(JSON.stringify(warned)).not.toContain('secret')
  await expect(broker.ping()).rejects.toThrow(BrokerUnavailableError)
  await broker.close()
})

test('somebody listens and says nothing: it starts in time, and leaves no connection when it is closed', async () => {
  const gone = Promise.withResolvers<void>()
  const port = await listening((socket) => {
    socket.once('close', () => gone.resolve())
    socket.resume()
  })
  await expectAway(port)
  await gone.promise
})

test('something else answers: it starts without it in time', async () => {
  await expectAway(
    await listening((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  )
})

test('a worker that waits for a RabbitMQ that never was there stops at once', async () => {
  const port = await listening((socket) => socket.resume())
  const broker = await start(port)
  const worker = broker.consume('web-push.chat', async () => ({ kind: 'done' }), { prefetch: 1 })
  await worker.stop()
  await broker.close()
})

test('told to stop while it waits: it does not start, and leaves no connection', async () => {
  const stopping = new AbortController()
  const gone = Promise.withResolvers<void>()
  const port = await listening((socket) => {
    socket.once('close', () => gone.resolve())
    socket.resume()
    stopping.abort(new Error('stop'))
  })
  const starting = start(port, { startWithinMs: 60_000, stopping: stopping.signal })
  await expect(starting).rejects.toThrow('stop')
  await gone.promise
})
