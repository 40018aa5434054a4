import type { Recipient } from '@belfry/push-service'
import { expect, test, vi } from 'vitest'
import { at } from '../support/test-server.ts'
import { askedFor, conversationOf, typeOf } from '../delivery/scene.ts'
import { insist, killScene, timesById, tryAsk } from './kill-scene.ts'

vi.setConfig({ testTimeout: 90_000 })

/** Where the process dies, and how often at most the wire may carry one delivery because of it. */
const deaths = [
  { at: 'accept.pre:1', when: 'before the message is written', mostCopies: 1 },
  { at: 'accept.post:1', when: 'after it is written, before the answer', mostCopies: 1 },
  { at: 'fanout.mid:2', when: 'half-way through the fan-out', mostCopies: 2 },
  { at: 'send.pre:2', when: 'a delivery claimed, not sent', mostCopies: 2 },
  { at: 'send.prerecord:1', when: 'sent, not recorded', mostCopies: 2 },
  { at: 'ack.pre:1', when: 'recorded, not acknowledged', mostCopies: 1 },
] as const

test.each(deaths)(
  'killed $at ($when): every device gets the message, and shows it once',
  async (death) => {
    const scene = await killScene()
    const first = await scene.start(`${death.at}:kill`)
    const ana = await scene.person('ana')
    const bob = await scene.person('bob')
    const browsers: Recipient[] = []
    for (let n = 0; n < 3; n += 1) browsers.push((await bob.subscribe()).browser)
    const conversationId = await conversationOf(ana, bob)
    const path = `/api/conversations/${conversationId}/messages`
    const message = { text: 'hello', clientMessageId: 'one' }

    const answer = await tryAsk(ana, path, message)
    expect(await first.exited).toMatchObject({ signal: 'SIGKILL' })
    await scene.start()
    // Whoever saw no answer asks again; whoever saw one must not need to.
    if (answer === null) await insist(ana, path, message)
    await vi.waitFor(() => expect(browsers.every((each) => each.received.length > 0)).toBe(true), {
      timeout: 20_000,
    })
    await scene.quiet()

    for (const browser of browsers) {
      const times = timesById(browser)
      expect(times.size).toBe(1)
      expect(Math.max(...times.values())).toBeLessThanOrEqual(death.mostCopies)
    }
    const rows = scene.ledger().rows({ subjectId: conversationId })
    expect(rows.map((row) => row.state)).toEqual(['accepted', 'accepted', 'accepted'])
    const list = await ana.ask('GET', path)
    expect(at(list.body, 'messages', 0, 'text')).toBe('hello')
    expect(at(list.body, 'messages', 1)).toBeUndefined()
  },
)

test('killed while the push service has not answered: at most one copy more, under the same id and Topic', async () => {
  const scene = await killScene()
  const first = await scene.start()
  const ana = await scene.person('ana')
  const bob = await scene.person('bob')
  const { browser } = await bob.subscribe()
  const conversationId = await conversationOf(ana, bob)
  const held = Promise.withResolvers<null>()
  scene.push.answerNext({ kind: 'hold', until: held.promise }, { endpoint: browser.endpoint })
  const arrived = browser.next()
  await ana.ask('POST', `/api/conversations/${conversationId}/messages`, { text: 'hello' })
  await arrived
  first.signal('SIGKILL')
  await first.exited
  held.resolve(null)

  await scene.start()
  await scene.quiet()
  expect([...timesById(browser).values()]).toEqual([2])
  expect(new Set(browser.received.map((push) => push.topic)).size).toBe(1)
})

test('killed between publishing a retry and recording it: one attempt wins', async () => {
  const scene = await killScene()
  const first = await scene.start('retry.preack:1:kill')
  const ana = await scene.person('ana')
  const bob = await scene.person('bob')
  const { browser } = await bob.subscribe()
  const conversationId = await conversationOf(ana, bob)
  scene.push.failWith(503, { endpoint: browser.endpoint })
  await tryAsk(ana, `/api/conversations/${conversationId}/messages`, { text: 'hello' })
  await first.exited
  await scene.start()
  await vi.waitFor(() => expect(browser.received).toHaveLength(1), { timeout: 10_000 })
  await scene.quiet()
  expect(browser.received).toHaveLength(1)
  expect(askedFor(scene, browser.endpoint)).toHaveLength(2)
})

test('killed while forgetting a device that is gone: it is forgotten after the restart, and only it', async () => {
  const scene = await killScene()
  const first = await scene.start('prune.mid:1:kill')
  const ana = await scene.person('ana')
  const bob = await scene.person('bob')
  const gone = await bob.subscribe({ deviceName: 'Gone' })
  const kept = await bob.subscribe({ deviceName: 'Kept' })
  gone.browser.unsubscribe()
  const conversationId = await conversationOf(ana, bob)
  await tryAsk(ana, `/api/conversations/${conversationId}/messages`, { text: 'hello' })
  await first.exited
  await scene.start()
  await vi.waitFor(() => expect(kept.browser.received.length).toBeGreaterThan(0), {
    timeout: 10_000,
  })
  await scene.quiet()
  expect(timesById(kept.browser).size).toBe(1)
  const devices = await bob.ask('GET', '/api/push-subscriptions')
  expect(at(devices.body, 'subscriptions', 0, 'deviceName')).toBe('Kept')
  expect(at(devices.body, 'subscriptions', 1)).toBeUndefined()
  expect(kept.browser.received.map(typeOf)).toContain('chat_message')
})
