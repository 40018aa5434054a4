import { expect, test, vi } from 'vitest'
import { at } from '../support/test-server.ts'
import { typeOf, typesAt } from '../delivery/scene.ts'
import { insist, killScene, timesById, tryAsk } from './kill-scene.ts'

vi.setConfig({ testTimeout: 90_000 })

// A restart on a busy machine takes seconds, and has to come within the ring.
const ringMs = 8000
/** From the end of the ring to the missed call, when a process is there to see it. */
const slackMs = 1500
const settings = { RING_TIMEOUT_SECONDS: String(ringMs / 1000) }

test.each(['accept.post:1', 'send.pre:1', 'send.prerecord:1', 'ack.pre:1'])(
  'killed at %s: the call rings all the same, once for the person, and ends in time',
  async (death) => {
    const scene = await killScene(settings)
    const first = await scene.start(`${death}:kill`)
    const ana = await scene.person('ana')
    const bob = await scene.person('bob')
    const { browser } = await bob.subscribe()
    const missed = browser.next((push) => typeOf(push) === 'missed_call')
    const body = { calleeIds: [bob.id], media: 'audio' }
    await tryAsk(ana, '/api/calls', body)
    await first.exited
    await scene.start()
    // The open call, when it was written before: nobody is rung twice.
    const call = await insist(ana, '/api/calls', body)
    const ringExpiresAt = Date.parse(String(at(call.body, 'ringExpiresAt')))
    const { receivedAt } = await missed
    expect(receivedAt).toBeGreaterThanOrEqual(ringExpiresAt)
    expect(receivedAt - ringExpiresAt).toBeLessThan(slackMs)
    await scene.quiet()

    const times = timesById(browser)
    expect(times.size).toBe(2)
    expect(Math.max(...times.values())).toBeLessThanOrEqual(2)
    expect(new Set(typesAt(browser))).toEqual(new Set(['incoming_call', 'missed_call']))
    expect(typesAt(browser).at(-1)).toBe('missed_call')
  },
)

test('killed while it rings and back before the end: the ring ends when it should', async () => {
  const scene = await killScene(settings)
  const first = await scene.start()
  const ana = await scene.person('ana')
  const bob = await scene.person('bob')
  const { browser } = await bob.subscribe()
  const rang = browser.next()
  const call = await ana.ask('POST', '/api/calls', { calleeIds: [bob.id], media: 'audio' })
  await rang
  await vi.waitFor(() =>
    expect(scene.ledger().rows({ kind: 'incoming_call' })).toMatchObject([{ state: 'accepted' }]),
  )
  first.signal('SIGKILL')
  await first.exited
  const missed = browser.next()
  await scene.start()
  const late = (await missed).receivedAt - Date.parse(String(at(call.body, 'ringExpiresAt')))
  expect(late).toBeGreaterThanOrEqual(0)
  expect(late).toBeLessThan(slackMs)
  await scene.quiet()
  expect(typesAt(browser)).toEqual(['incoming_call', 'missed_call'])
})

test('killed while it rings and back after the end: the missed call comes with the start, and nothing rings', async () => {
  const scene = await killScene(settings)
  const first = await scene.start('send.pre:1:kill')
  const ana = await scene.person('ana')
  const bob = await scene.person('bob')
  const { browser } = await bob.subscribe()
  const body = { calleeIds: [bob.id], media: 'audio' }
  const begun = Date.now()
  await tryAsk(ana, '/api/calls', body)
  await first.exited
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(begun + ringMs + 500), {
    timeout: 2 * ringMs,
  })
  const missed = browser.next()
  await scene.start()
  await missed
  await scene.quiet()
  expect(typesAt(browser)).toEqual(['missed_call'])
  const calls = await bob.ask('GET', '/api/calls')
  expect(at(calls.body, 'calls', 0, 'state')).toBe('missed')
})
