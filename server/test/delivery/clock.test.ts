import { expect, test, vi } from 'vitest'
import { askedFor, conversationOf, ring, say, startScene, typeOf, typesAt } from './scene.ts'

vi.setConfig({ testTimeout: 30_000 })

/** A server whose wall clock can be set while it runs. */
async function sceneWithClock(environment: Record<string, string> = {}) {
  let offsetMs = 0
  const scene = await startScene({ environment, now: () => Date.now() + offsetMs })
  return { ...scene, setBy: (ms: number) => (offsetMs += ms) }
}

const hourMs = 3_600_000

test('a clock set back by two hours delays no retry, and doubles none', async () => {
  const { server, ledger, setBy } = await sceneWithClock()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const { browser } = await bob.subscribe()
  const subjectId = await conversationOf(ana, bob)
  server.push.failWith(503, { endpoint: browser.endpoint })
  const arrived = browser.next()
  await say(ana, subjectId, 'hello')
  await vi.waitFor(() => expect(askedFor(server, browser.endpoint)).toHaveLength(1))
  setBy(-2 * hourMs)
  await arrived
  expect(await ledger.settled({ subjectId })).toMatchObject([{ state: 'accepted', attempts: 2 }])
  await ledger.quiet()
  expect(browser.received).toHaveLength(1)
})

test('a clock set back while it rings: the ring ends after its five seconds all the same', async () => {
  const { server, setBy } = await sceneWithClock({ RING_TIMEOUT_SECONDS: '5' })
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const { browser } = await bob.subscribe()
  const rang = browser.next()
  const missed = browser.next((push) => typeOf(push) === 'missed_call')
  const begun = performance.now()
  await ring(ana, bob)
  await rang
  setBy(-2 * hourMs)
  await missed
  expect(performance.now() - begun).toBeLessThan(7000)
  expect(typesAt(browser)).toEqual(['incoming_call', 'missed_call'])
})

test('a clock set forward by an hour: a ring is missed at once, a message that waits still arrives, once', async () => {
  const { server, ledger, setBy } = await sceneWithClock()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const { browser } = await bob.subscribe()
  const subjectId = await conversationOf(ana, bob)
  const rang = browser.next()
  await ring(ana, bob)
  await rang
  server.push.failWith(503, { endpoint: browser.endpoint })
  await say(ana, subjectId, 'hello')
  await vi.waitFor(() => expect(askedFor(server, browser.endpoint)).toHaveLength(2))
  const both = Promise.all([
    browser.next((push) => typeOf(push) === 'missed_call'),
    browser.next((push) => typeOf(push) === 'chat_message'),
  ])
  setBy(hourMs)
  await both
  await ledger.quiet()
  expect(browser.received).toHaveLength(3)
})
