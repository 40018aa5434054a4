import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { lockDirectory } from '../../src/sqlite/directory-lock.ts'
import { emptyFolder, runBelfryProcess } from '../support/belfry-process.ts'

/** Takes connections and never says a word: a start that needs it hangs. */
async function silentServer() {
  const sockets: Socket[] = []
  const server = createServer((socket) => void sockets.push(socket.on('error', () => {})))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { host: `127.0.0.1:${port}`, visited: once(server, 'connection') }
}

test.each([
  ['SIGTERM', 'MONGODB_URL', (host: string) => `mongodb://${host}/belfry`],
  ['SIGINT', 'RABBITMQ_URL', (host: string) => `amqp://${host}`],
] as const)(
  '%s while the start waits for %s ends it with 0, and DATA_DIR is free again',
  { timeout: 60_000 },
  async (signal, name, urlOf) => {
    const dataDir = emptyFolder()
    const { host, visited } = await silentServer()
    const belfry = runBelfryProcess({
      args: ['start'],
      environment: { DATA_DIR: dataDir, PORT: '0', [name]: urlOf(host) },
    })
    await visited
    expect(() => lockDirectory(dataDir, { pid: 1, host: 'other' })).toThrow(/in use by process/)
    belfry.signal(signal)
    expect(await belfry.ended).toBe(0)
    expect(belfry.output()).not.toContain('Belfry is running')
    lockDirectory(dataDir, { pid: 1, host: 'next' }).release()
  },
)

test(
  'SIGTERM at the first word of the start ends it with 0, however far it has come',
  { timeout: 60_000 },
  async () => {
    const dataDir = emptyFolder()
    const belfry = runBelfryProcess({
      args: ['start'],
      environment: { DATA_DIR: dataDir, PORT: '0', LOG_FORMAT: 'pretty' },
    })
    await belfry.printed('VAPID_SUBJECT is a placeholder')
    belfry.signal('SIGTERM')
    expect(await belfry.ended).toBe(0)
    lockDirectory(dataDir, { pid: 1, host: 'next' }).release()
  },
)
