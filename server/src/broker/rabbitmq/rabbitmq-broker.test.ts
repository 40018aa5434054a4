import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { BrokerUnavailableError } from '../broker-unavailable-error.ts'
import { rabbitMqBroker } from './rabbitmq-broker.ts'

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

async function failureOf(port: number): Promise<unknown> {
  const url = `amqp://belfry:secret@127.0.0.1:${port}/`
  try {
    return await rabbitMqBroker({ url, log: silent, now: Date.now, startWithinMs: 300 })
  } catch (cause) {
    return cause
  }
}

test('nobody listens: the start fails in time, and says where, without the password', async () => {
  const port = await listening(() => {})
  server?.close()
  const failure = await failureOf(port)
  expect(failure).toBeInstanceOf(BrokerUnavailableError)
  expect(String(failure)).toContain(`connect to 127.0.0.1:${port}/ within 300 ms`)
  expect(String(failure)).not.toContain('secret')
})

test('somebody listens and says nothing: the start fails in time, and leaves no connection', async () => {
  const gone = Promise.withResolvers<void>()
  const port = await listening((socket) => {
    socket.once('close', () => gone.resolve())
    socket.resume()
  })
  expect(await failureOf(port)).toBeInstanceOf(BrokerUnavailableError)
  await gone.promise
})

test('something else answers: the start fails in time', async () => {
  const port = await listening((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  expect(await failureOf(port)).toBeInstanceOf(BrokerUnavailableError)
})
