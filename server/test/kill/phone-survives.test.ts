import { startExpoService } from '@belfry/expo-service'
import { expect, onTestFinished, test, vi } from 'vitest'
import { at } from '../support/test-server.ts'
import { nextPush, phoneOf, sentTo, typesAtPhone, type OwnPhone } from '../delivery/phone-scene.ts'
import { conversationOf } from '../delivery/scene.ts'
import { insist, killScene, tryAsk } from './kill-scene.ts'

vi.setConfig({ testTimeout: 90_000 })

/** The program is killed and started again; phones and Expo survive. */
async function phoneKillScene(settings: Readonly<Record<string, string>> = {}) {
  const expo = await startExpoService()
  onTestFinished(() => expo.close())
  const urls = { EXPO_PUSH_URL: expo.url, EXPO_RECEIPT_DELAY_SECONDS: '0' }
  const scene = await killScene({ ...urls, ...settings })
  return { ...scene, expo }
}

/** How often each delivery reached the phone, by its id: the app shows the first and drops the rest. */
function timesById({ phone }: OwnPhone): number[] {
  return [...Map.groupBy(phone.received, ({ data }) => data['id']).values()].map(
    (copies) => copies.length,
  )
}

/** Where the process dies, and how often at most Expo may be given one delivery because of it. */
const deaths = [
  { at: 'expo.fanout.mid:2', when: 'half-way through the fan-out', mostCopies: 2 },
  { at: 'expo.send.pre:2', when: 'a delivery claimed, not sent', mostCopies: 2 },
  { at: 'expo.send.prerecord:1', when: 'sent, not recorded', mostCopies: 2 },
  { at: 'expo.ack.pre:1', when: 'recorded, not acknowledged', mostCopies: 1 },
] as const

test.each(deaths)(
  'killed $at ($when): every phone gets the message, and shows it once',
  async (death) => {
    const scene = await phoneKillScene()
    const first = await scene.start(`${death.at}:kill`)
    const ana = await scene.person('ana')
    const bob = await scene.person('bob')
    const phones: OwnPhone[] = []
    for (let n = 0; n < 3; n += 1) phones.push(await phoneOf(scene, bob))
    const conversationId = await conversationOf(ana, bob)
    const path = `/api/conversations/${conversationId}/messages`
    const message = { text: 'hello', clientMessageId: 'one' }

    const answer = await tryAsk(ana, path, message)
    expect(await first.exited).toMatchObject({ signal: 'SIGKILL' })
    await scene.start()
    if (answer === null) await insist(ana, path, message)
    await vi.waitFor(
      () => expect(phones.every(({ phone }) => phone.received.length > 0)).toBe(true),
      { timeout: 20_000 },
    )
    await scene.quiet()

    for (const each of phones) {
      const times = timesById(each)
      expect(times).toHaveLength(1)
      expect(Math.max(...times)).toBeLessThanOrEqual(death.mostCopies)
      expect(each.phone.visible).toHaveLength(1)
    }
    const rows = scene.ledger().rows({ subjectId: conversationId })
    expect(rows.map((row) => row.state)).toEqual(['accepted', 'accepted', 'accepted'])
  },
)

test('killed between publishing a retry and recording it: one attempt wins', async () => {
  const scene = await phoneKillScene()
  const first = await scene.start('expo.retry.preack:1:kill')
  const ana = await scene.person('ana')
  const bob = await scene.person('bob')
  const phone = await phoneOf(scene, bob)
  const conversationId = await conversationOf(ana, bob)
  scene.expo.failWith(503)
  await tryAsk(ana, `/api/conversations/${conversationId}/messages`, { text: 'hello' })
  await first.exited
  await scene.start()
  await vi.waitFor(() => expect(phone.phone.received).toHaveLength(1), { timeout: 10_000 })
  await scene.quiet()
  expect(phone.phone.received).toHaveLength(1)
  expect(sentTo(scene.expo, phone)).toBe(2)
})

test.each(['ticket', 'receipt'] as const)(
  'killed while forgetting a phone that is gone by its %s: it is forgotten after the restart, and only it',
  async (deviceNotRegisteredIn) => {
    const scene = await phoneKillScene()
    const first = await scene.start('expo.prune.mid:1:kill')
    const ana = await scene.person('ana')
    const bob = await scene.person('bob')
    const gone = await phoneOf(scene, bob)
    const kept = await phoneOf(scene, bob)
    scene.expo.uninstall(gone.token, { deviceNotRegisteredIn })
    const conversationId = await conversationOf(ana, bob)
    await tryAsk(ana, `/api/conversations/${conversationId}/messages`, { text: 'hello' })
    expect(await first.exited).toMatchObject({ signal: 'SIGKILL' })
    await scene.start()
    await scene.quiet()
    await vi.waitFor(
      () =>
        expect(scene.ledger().rows({ subjectId: conversationId })).toContainEqual(
          expect.objectContaining({ deviceRowId: gone.id, state: 'gone' }),
        ),
      { timeout: 10_000 },
    )
    const devices = await bob.ask('GET', '/api/push-subscriptions')
    expect(at(devices.body, 'subscriptions')).toMatchObject([{ id: kept.id }])
    expect(timesById(kept)).toHaveLength(1)
  },
)

test('killed before the receipt was due: it is asked for after the restart', async () => {
  const scene = await phoneKillScene({ EXPO_RECEIPT_DELAY_SECONDS: '2' })
  const first = await scene.start()
  const ana = await scene.person('ana')
  const bob = await scene.person('bob')
  const gone = await phoneOf(scene, bob)
  scene.expo.uninstall(gone.token, { deviceNotRegisteredIn: 'receipt' })
  const conversationId = await conversationOf(ana, bob)
  await ana.ask('POST', `/api/conversations/${conversationId}/messages`, { text: 'hello' })
  await scene.quiet()
  expect(scene.ledger().rows({ subjectId: conversationId })).toMatchObject([{ state: 'accepted' }])
  first.signal('SIGKILL')
  await first.exited
  await scene.start()
  await vi.waitFor(
    () =>
      expect(scene.ledger().rows({ subjectId: conversationId })).toMatchObject([
        { state: 'gone', reason: 'device_not_registered' },
      ]),
    { timeout: 10_000 },
  )
  const devices = await bob.ask('GET', '/api/push-subscriptions')
  expect(at(devices.body, 'subscriptions')).toEqual([])
})

test.each(['expo.send.pre:1', 'expo.send.prerecord:1'])(
  'killed at %s: the phone rings all the same, and is told of the missed call in time',
  async (death) => {
    const scene = await phoneKillScene({ RING_TIMEOUT_SECONDS: '8' })
    const first = await scene.start(`${death}:kill`)
    const ana = await scene.person('ana')
    const bob = await scene.person('bob')
    const phone = await phoneOf(scene, bob)
    const missed = nextPush(scene.expo, phone, 'missed_call')
    const body = { calleeIds: [bob.id], media: 'audio' }
    await tryAsk(ana, '/api/calls', body)
    await first.exited
    await scene.start()
    const call = await insist(ana, '/api/calls', body)
    const lateMs = (await missed).at - Date.parse(String(at(call.body, 'ringExpiresAt')))
    expect(lateMs).toBeGreaterThanOrEqual(0)
    expect(lateMs).toBeLessThan(1500)
    await scene.quiet()
    expect(timesById(phone)).toHaveLength(2)
    expect(Math.max(...timesById(phone))).toBeLessThanOrEqual(2)
    expect(new Set(typesAtPhone(phone))).toEqual(new Set(['incoming_call', 'missed_call']))
    expect(typesAtPhone(phone).at(-1)).toBe('missed_call')
  },
)

test('SIGTERM while Expo hangs exits 0 within ten seconds, and the message arrives after the restart', async () => {
  const scene = await phoneKillScene()
  const first = await scene.start()
  const ana = await scene.person('ana')
  const bob = await scene.person('bob')
  const phone = await phoneOf(scene, bob)
  const giveUp = scene.expo.answerNext({ kind: 'never' }, { times: Infinity })
  const asked = scene.expo.events.waitFor('request')
  const conversationId = await conversationOf(ana, bob)
  await ana.ask('POST', `/api/conversations/${conversationId}/messages`, { text: 'hello' })
  await asked
  const begun = performance.now()
  first.signal('SIGTERM')
  expect(await first.exited).toEqual({ code: 0, signal: null })
  expect(performance.now() - begun).toBeLessThan(10_000)
  giveUp()
  await scene.start()
  await scene.quiet()
  expect(phone.phone.received).toHaveLength(1)
})
