import { createServer, type Server } from 'node:net'
import { BSON, MongoClient } from 'mongodb'
import { expect, onTestFinished, test } from 'vitest'
import { StoreUnreachableError } from './store-unreachable-error.ts'

const place = { hosts: ['db:27017'], user: 'bel', database: 'belfry', replicaSet: null }

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** What the driver says of it. */
async function failureOf(url: string): Promise<unknown> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 300, connectTimeoutMS: 300 })
  try {
    return await client.connect()
  } catch (cause) {
    return cause
  } finally {
    await client.close()
  }
}

/** A server of MongoDB's protocol that knows the greeting alone (OP_QUERY, answered by OP_REPLY). */
function greeting(fields: (port: number) => Record<string, unknown>): Server {
  const server = createServer((socket) => {
    socket.on('error', () => {}) // The driver hangs up.
    socket.on('data', (request: Buffer) => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      const body = BSON.serialize({ ok: 1, minWireVersion: 0, maxWireVersion: 25, ...fields(port) })
      const head = Buffer.alloc(36)
      head.writeInt32LE(head.length + body.length, 0)
      head.writeInt32LE(request.readInt32LE(4), 8)
      head.writeInt32LE(1, 12)
      head.writeInt32LE(1, 32)
      socket.write(Buffer.concat([head, body]))
    })
  })
  return server
}

test('nobody listens: host and port, MONGODB_URL, and to start it', async () => {
  const server = createServer()
  const port = await listening(server)
  server.close()
  const cause = await failureOf(`mongodb://bel:secret@127.0.0.1:${port}/belfry`)
  const failure = new StoreUnreachableError({ ...place, hosts: [`127.0.0.1:${port}`] }, cause)
  expect(failure).toMatchObject({ code: 'STORE_UNREACHABLE', cause })
  expect(failure.message).toBe(
    `MongoDB at 127.0.0.1:${port} (MONGODB_URL) cannot be used: nobody listens there (ECONNREFUSED). Start MongoDB, or correct MONGODB_URL, and start again.`,
  )
})

test('a replica set without a primary is told from a server that is away', async () => {
  const server = greeting((port) => ({
    setName: 'rs0',
    secondary: true,
    hosts: [`127.0.0.1:${port}`],
    me: `127.0.0.1:${port}`,
  }))
  onTestFinished(() => void server.close())
  const port = await listening(server)
  const cause = await failureOf(`mongodb://127.0.0.1:${port}/belfry?replicaSet=rs0`)
  expect(new StoreUnreachableError(place, cause).message).toContain('no primary')
})

test('somebody listens and never answers: that it does not answer', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {}).resume()
  })
  onTestFinished(() => void server.close())
  const port = await listening(server)
  const cause = await failureOf(`mongodb://127.0.0.1:${port}/belfry`)
  const { message } = new StoreUnreachableError(place, cause)
  expect(message).toMatch(/timed out|nobody answers there/)
})

test.each([
  ['ENOTFOUND', 'the name of the host is not known'],
  ['EAI_AGAIN', 'cannot be looked up now'],
  ['ECONNRESET', 'agree about tls'],
])('%s in words', (code, words) => {
  const socket = Object.assign(new Error('x'), { code })
  const cause = new Error('of the driver', { cause: socket })
  expect(new StoreUnreachableError(place, cause).message).toContain(words)
  expect(new StoreUnreachableError(place, socket).message).toContain(words)
})
