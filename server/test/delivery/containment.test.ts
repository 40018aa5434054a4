import { createServer, type ServerResponse } from 'node:http'
import { expect, onTestFinished, test, vi } from 'vitest'
import { freePort } from '../support/test-server.ts'
import { askedFor, bodyOf, conversationOf, ring, say, startScene, typeOf } from './scene.ts'

vi.setConfig({ testTimeout: 30_000 })

/** One endless, silent or rude push service of its own, besides the honest one. */
async function rudePushService(answer: (response: ServerResponse) => void) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    request.resume()
    request.once('end', () => answer(response))
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { host: `127.0.0.1:${port}`, asked }
}

test.each(['never', 'drip', 'reset'] as const)(
  'a push service that answers with "%s" delays no other device',
  async (kind) => {
    const { server } = await startScene()
    const ana = await server.person('ana')
    const bob = await server.person('bob')
    const bad = await bob.subscribe()
    const good = await Promise.all(Array.from({ length: 5 }, () => bob.subscribe()))
    server.push.answerNext({ kind }, { endpoint: bad.browser.endpoint, times: Infinity })
    const conversationId = await conversationOf(ana, bob)

    const arrived = Promise.all(good.map(({ browser }) => browser.next()))
    const begun = performance.now()
    await say(ana, conversationId, 'hello')
    await arrived
    const rings = Promise.all(
      good.map(({ browser }) => browser.next((push) => typeOf(push) === 'incoming_call')),
    )
    await ring(ana, bob)
    await rings
    // The bad one is held until its deadline of ten and five seconds: nobody waited for it.
    expect(performance.now() - begun).toBeLessThan(4000)
    expect(askedFor(server, bad.browser.endpoint).length).toBeGreaterThan(0)
  },
)

test('two hundred messages to a device that hangs do not hold up a message to somebody else', async () => {
  const { server } = await startScene()
  const [ana, bob, carla] = await Promise.all(['ana', 'bob', 'carla'].map(server.person))
  if (ana === undefined || bob === undefined || carla === undefined) throw new Error('no people')
  const bad = await bob.subscribe()
  const good = await carla.subscribe()
  server.push.answerNext({ kind: 'never' }, { endpoint: bad.browser.endpoint, times: Infinity })
  const toBob = await conversationOf(ana, bob)
  const toCarla = await conversationOf(ana, carla)
  await Promise.all(Array.from({ length: 200 }, (_, n) => say(ana, toBob, `message ${n}`)))

  const latencies: number[] = []
  for (const text of ['one', 'two', 'three']) {
    const arrived = good.browser.next((push) => bodyOf(push) === text)
    const begun = performance.now()
    await say(ana, toCarla, text)
    await arrived
    latencies.push(performance.now() - begun)
  }
  expect(Math.max(...latencies)).toBeLessThan(2000)
  // One request in flight an endpoint.
  expect(askedFor(server, bad.browser.endpoint)).toHaveLength(1)
})

test('an answer of 300 MB is not read, and delays no other device', async () => {
  const chunk = Buffer.alloc(1024 * 1024, '.')
  let written = 0
  const endless = await rudePushService((response) => {
    response.writeHead(500)
    const more = () => {
      while (written < 300 && !response.destroyed) {
        written += 1
        if (!response.write(chunk)) return
      }
      response.end()
    }
    response.on('drain', more)
    response.on('error', () => {}) // The reader hung up, which is the point.
    more()
  })
  const { server, ledger } = await startScene({
    environment: { PUSH_ALLOWED_HOSTS: endless.host },
  })
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const keys = server.push.subscribe().toJSON().keys
  const endpoint = `http://${endless.host}/push/bob`
  const registered = await bob.ask('POST', '/api/push-subscriptions', { endpoint, keys })
  expect(registered.status).toBe(201)
  const subjectId = await conversationOf(ana, bob)
  await say(ana, subjectId, 'hello')
  await vi.waitFor(() =>
    expect(ledger.rows({ subjectId })).toMatchObject([{ state: 'retry', reason: 'server_error' }]),
  )
  expect(written).toBeLessThan(20)
})

test.each([301, 302, 307, 308])('a %i is never followed', async (status) => {
  const inner = await rudePushService((response) => response.writeHead(201).end())
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const { browser } = await bob.subscribe()
  server.push.answerNext(
    { kind: 'redirect', status, location: `http://${inner.host}/metadata` },
    { endpoint: browser.endpoint },
  )
  const subjectId = await conversationOf(ana, bob)
  const arrived = browser.next()
  await say(ana, subjectId, 'hello')
  await arrived
  expect(inner.asked).toEqual([])
  expect(await ledger.settled({ subjectId })).toMatchObject([{ state: 'accepted', attempts: 2 }])
})

test('a push service that hangs as a whole, with eighty devices and hundreds of messages, delays no other service', async () => {
  const hanging = await rudePushService(() => {})
  const { server } = await startScene({ environment: { PUSH_ALLOWED_HOSTS: hanging.host } })
  const ana = await server.person('ana')
  const stuck = await Promise.all(['bob', 'carl', 'dan', 'eve'].map(server.person))
  const fay = await server.person('fay')
  for (const person of stuck) {
    for (let n = 0; n < 20; n += 1) {
      const { keys } = server.push.subscribe().toJSON()
      const endpoint = `http://${hanging.host}/push/${person.id}-${n}`
      await person.ask('POST', '/api/push-subscriptions', { endpoint, keys })
    }
  }
  const good = await fay.subscribe()
  const toMany = await conversationOf(ana, ...stuck)
  const toFay = await conversationOf(ana, fay)
  await Promise.all(Array.from({ length: 30 }, (_, n) => say(ana, toMany, `message ${n}`)))
  await vi.waitFor(() => expect(hanging.asked.length).toBeGreaterThanOrEqual(56))

  const latencies: number[] = []
  for (const text of ['one', 'two', 'three']) {
    const arrived = good.browser.next((push) => bodyOf(push) === text)
    const begun = performance.now()
    await say(ana, toFay, text)
    await arrived
    latencies.push(performance.now() - begun)
  }
  const rang = good.browser.next((push) => typeOf(push) === 'incoming_call')
  const begun = performance.now()
  await ring(ana, fay)
  await rang
  latencies.push(performance.now() - begun)
  expect(Math.max(...latencies)).toBeLessThan(2000)
})
