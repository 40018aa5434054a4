import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { mongoStore } from '../../src/store/mongodb/mongo-store.ts'
import { runBelfryProcess } from '../support/belfry-process.ts'
import { freePort } from '../support/free-port.ts'
import { missingServer, serverUrl } from './database.ts'

const missing = serverUrl === null ? missingServer : null
if (missing !== null) test.skip(`MongoDB at the start: ${missing}`, () => {})

/** The server of this run with that before the host, and these options. */
function urlWith(login: string, options: string): string {
  const { host } = new URL(serverUrl ?? '')
  return `mongodb://${login}${host}/belfry?${options}`
}

describe.skipIf(missing !== null)('MongoDB that cannot be used ends the start', () => {
  test('a wrong password: the user, and never the password', async () => {
    const opening = mongoStore({ url: urlWith('bel:wrong-one@', 'authSource=admin') })
    const failure: unknown = await opening.catch((cause: unknown) => cause)
    expect(failure).toMatchObject({ code: 'STORE_UNREACHABLE' })
    expect(String(failure)).toContain('the login as "bel" is refused')
    expect(String(failure)).toContain('MONGODB_URL')
    expect(String(failure)).not.toContain('wrong-one')
  })

  test('a replica set that it is no member of', async () => {
    const opening = mongoStore({ url: urlWith('', 'replicaSet=no-such-set') })
    await expect(opening).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
      message: expect.stringContaining('no member of the replica set "no-such-set"'),
    })
  })

  test('nobody listens: the process ends with 1, says where and what to do, and promises no other try', async () => {
    const port = await freePort()
    const belfry = runBelfryProcess({
      args: ['start'],
      environment: { PORT: '0', MONGODB_URL: `mongodb://bel:secret@127.0.0.1:${port}/belfry` },
    })
    expect(await belfry.ended).toBe(1)
    expect(belfry.output()).toContain(
      `MongoDB at 127.0.0.1:${port} (MONGODB_URL) cannot be used: nobody listens there (ECONNREFUSED). Start MongoDB, or correct MONGODB_URL, and start again. [STORE_UNREACHABLE]`,
    )
    expect(belfry.output()).not.toMatch(/tried again|secret/)
  })

  test('SIGTERM while it waits for it ends with 0', async () => {
    const asked = Promise.withResolvers<void>()
    const silent = createServer((socket) => {
      socket.on('error', () => {}).resume()
      asked.resolve()
    })
    const port = await new Promise<number>((resolve) => {
      silent.listen(0, '127.0.0.1', () => {
        const address = silent.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
    const belfry = runBelfryProcess({
      args: ['start'],
      environment: { PORT: '0', MONGODB_URL: `mongodb://127.0.0.1:${port}/belfry` },
    })
    await asked.promise
    belfry.signal('SIGTERM')
    expect(await belfry.ended).toBe(0)
    silent.close()
  })
})
