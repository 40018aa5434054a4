import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { openTab } from '../../test/support/tab.ts'
import { testClock } from '../../test/support/test-clock.ts'
import type { Notice } from '../broker/port.ts'
import { createLog } from '../observability/log.ts'
import { createGateway } from './gateway.ts'

const clock = testClock()

/** The gateway alone: any token is a person of that name, until an hour from now. */
async function startGateway() {
  const http = createServer()
  const listeners = new Set<(notice: Notice) => void>()
  const heard: Notice[] = []
  const gateway = createGateway({
    http,
    accounts: {
      identify: async (token) =>
        token === 'nobody'
          ? { kind: 'refused', reason: 'not_accepted' }
          : {
              kind: 'identified',
              identity: { userId: token, sid: null, expiresAtMs: clock.now() + 3_600_000 },
            },
    },
    broker: {
      async broadcast(notice) {
        heard.push(notice)
        for (const listener of listeners) listener(notice)
      },
      onBroadcast(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    allowedOrigins: ['https://host.example'],
    now: clock.now,
    log: createLog({ level: 'silent', format: 'json' }),
    expirySweepMs: 5,
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => gateway.close())
  const address = http.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, heard }
}

test('a socket does not outlive its token', async () => {
  const { url } = await startGateway()
  const tab = await openTab(url, { token: 'ana' })
  clock.advance(3_600_000)
  const later = await openTab(url, { token: 'bob' })
  expect(await tab.closed).toBe('io server disconnect')
  later.close()
})

test('a tab that says too much is not heard for the rest of the minute', async () => {
  const { url, heard } = await startGateway()
  const tab = await openTab(url, { token: 'ana', deviceId: 'desk' })
  for (let word = 0; word < 300; word += 1) tab.say('presence', { visible: true })
  await expect.poll(() => heard.length).toBe(240)
  clock.advance(60_000)
  tab.say('presence', { visible: false })
  await expect.poll(() => heard.length).toBe(241)
  tab.close()
})

test('a tab without a device id is in nobody’s way: its presence is not noted', async () => {
  const { url, heard } = await startGateway()
  const tab = await openTab(url, { token: 'ana' })
  tab.say('presence', { visible: true, conversationId: 'c-1' })
  const other = await openTab(url, { token: 'ana', deviceId: 'desk' })
  other.say('presence', { visible: true, conversationId: 'c-1' })
  await expect.poll(() => heard.length).toBe(1)
  expect(heard[0]).toMatchObject({ kind: 'presence', userId: 'ana', deviceId: 'desk' })
  tab.close()
  other.close()
})

test('a page of ours or of an allowed origin opens a socket, a foreign one does not, token or no token', async () => {
  const { url } = await startGateway()
  for (const origin of [undefined, url, 'https://host.example']) {
    const tab = await openTab(url, { token: 'ana', ...(origin === undefined ? {} : { origin }) })
    tab.close()
  }
  for (const origin of ['https://evil.example', 'https://host.example:8443', 'null'])
    await expect(openTab(url, { token: 'ana', origin })).rejects.toThrow('websocket error')
})
