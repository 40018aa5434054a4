import { expect, test, vi } from 'vitest'
import { ask, at } from '../support/test-server.ts'
import { askedFor, bodyOf, receiptOf, ring, startScene, typeOf, typesAt } from './scene.ts'

vi.setConfig({ testTimeout: 30_000 })

const quick = { environment: { RING_TIMEOUT_SECONDS: '5' } }
const isRing = { is: 'incoming_call', missed: 'missed_call', ended: 'call_ended' } as const

test('a ring is tried again while the call rings', async () => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const { browser } = await bob.subscribe()
  server.push.failWith(500, { endpoint: browser.endpoint, times: 2 })
  const rang = browser.next()
  const subjectId = await ring(ana, bob)
  const { ttl } = await rang
  expect(ttl).toBeLessThan(30)
  expect(await ledger.settled({ subjectId })).toMatchObject([{ state: 'accepted', attempts: 3 }])
  expect(browser.received).toHaveLength(1)
})

test('a ring that could not be delivered in time is never sent late, and becomes one missed call', async () => {
  const { server, ledger } = await startScene(quick)
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const { browser } = await bob.subscribe()
  const recover = server.push.failWith(503, { endpoint: browser.endpoint, times: Infinity })
  const subjectId = await ring(ana, bob)
  await vi.waitFor(
    () =>
      expect(ledger.rows({ subjectId, kind: 'incoming_call' })).toMatchObject([
        { state: 'expired' },
      ]),
    { timeout: 8000 },
  )
  recover()
  const missed = await browser.next()
  expect(typeOf(missed)).toBe(isRing.missed)
  await ledger.settled({ subjectId }, 2)
  expect(typesAt(browser)).toEqual([isRing.missed])
})

test('nobody answers: one missed call on every device, at the end of the ring', async () => {
  const { server } = await startScene(quick)
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const devices = [await bob.subscribe(), await bob.subscribe()]
  const missed = devices.map(({ browser }) =>
    browser.next((push) => typeOf(push) === isRing.missed),
  )
  const begun = performance.now()
  await ring(ana, bob)
  await Promise.all(missed)
  const tookMs = performance.now() - begun
  expect(tookMs).toBeGreaterThan(4900)
  expect(tookMs).toBeLessThan(6500)
  for (const { browser } of devices) {
    expect(typesAt(browser)).toEqual([isRing.is, isRing.missed])
    const [rang, end] = browser.received
    expect(end?.topic).toBe(rang?.topic)
    expect(at(end?.json, 'notification', 'tag')).toBe(at(rang?.json, 'notification', 'tag'))
    expect(end?.ttl).toBeGreaterThan(80_000)
  }
})

test('an end waits for the ring that is under way: the order at the device is ring, then end', async () => {
  const { server } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const { browser } = await bob.subscribe()
  const answered = Promise.withResolvers<null>()
  server.push.answerNext({ kind: 'hold', until: answered.promise }, { endpoint: browser.endpoint })
  const rang = browser.next()
  const sessionId = await ring(ana, bob)
  await rang
  await ana.ask('POST', `/api/calls/${sessionId}/cancel`)
  // A message passes through the whole system meanwhile, so that the end had every chance to overtake.
  const carla = await server.person('carla')
  const other = await carla.subscribe()
  const otherRang = other.browser.next()
  await ring(ana, carla)
  await otherRang
  expect(askedFor(server, browser.endpoint)).toHaveLength(1)

  const ended = browser.next()
  answered.resolve(null)
  expect(typeOf(await ended)).toBe(isRing.missed)
  expect(typesAt(browser)).toEqual([isRing.is, isRing.missed])
})

test('a ring that waited for its push service while the call was cancelled is not sent any more', async () => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const { browser } = await bob.subscribe()
  server.push.failWith(500, { endpoint: browser.endpoint })
  const subjectId = await ring(ana, bob)
  await vi.waitFor(() => expect(askedFor(server, browser.endpoint)).toHaveLength(1))
  const missed = browser.next()
  await ana.ask('POST', `/api/calls/${subjectId}/cancel`)
  await missed
  await ledger.settled({ subjectId }, 2)
  expect(typesAt(browser)).toEqual([isRing.missed])
  expect(ledger.rows({ subjectId, kind: 'incoming_call' })).toMatchObject([
    { state: 'suppressed', reason: 'call_over' },
  ])
})

test('answered: the devices that rang are told, but for the one that answered and those that did not ring', async () => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const phone = await bob.subscribe({ deviceId: 'phone' })
  const desk = await bob.subscribe({ deviceId: 'desk' })
  const broken = await bob.subscribe({ deviceId: 'broken' })
  server.push.failWith(403, { endpoint: broken.browser.endpoint, times: Infinity })
  const rings = Promise.all([phone.browser.next(), desk.browser.next()])
  const subjectId = await ring(ana, bob)
  await rings
  await ledger.settled({ subjectId }, 3)

  const told = desk.browser.next()
  await bob.ask('POST', `/api/calls/${subjectId}/accept`, { deviceId: 'phone' })
  expect(bodyOf(await told)).toBe('Answered on another device')
  const ends = await ledger.settled({ subjectId, kind: 'call_ended' }, 3)
  expect(ends.map((row) => [row.deviceRowId, row.reason])).toEqual(
    expect.arrayContaining([
      [phone.id, 'did_this'],
      [desk.id, null],
      [broken.id, 'did_not_ring'],
    ]),
  )
  expect(phone.browser.received).toHaveLength(1)
})

test('a device declines by its receipt, without a token, and is not told what it did', async () => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const phone = await bob.subscribe()
  const desk = await bob.subscribe()
  const rings = Promise.all([phone.browser.next(), desk.browser.next()])
  const subjectId = await ring(ana, bob)
  const [rang] = await rings
  await ledger.settled({ subjectId }, 2)

  const told = desk.browser.next()
  const path = `/api/calls/${subjectId}/decline`
  const declined = await ask(server.url, null, {
    method: 'POST',
    path,
    body: { receipt: receiptOf(rang) },
  })
  expect(declined.status).toBe(200)
  expect(at(declined.body, 'state')).toBe('declined')
  expect(bodyOf(await told)).toBe('Declined on another device')
  await ledger.settled({ subjectId, kind: 'call_ended' }, 2)
  expect(phone.browser.received).toHaveLength(1)
})

test('a receipt declines nothing once the ring has expired, nor another call', async () => {
  const { server } = await startScene(quick)
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const { browser } = await bob.subscribe()
  const rang = browser.next()
  const first = await ring(ana, bob)
  const receipt = receiptOf(await rang)
  await browser.next((push) => typeOf(push) === isRing.missed)
  const second = await ring(ana, bob)
  const decline = (sessionId: string) =>
    ask(server.url, null, {
      method: 'POST',
      path: `/api/calls/${sessionId}/decline`,
      body: { receipt },
    })
  expect((await decline(first)).status).toBe(409)
  expect((await decline(second)).status).toBeGreaterThanOrEqual(401)
  const open = await ana.ask('GET', `/api/calls/${second}`)
  expect(at(open.body, 'state')).toBe('ringing')
})

test('in a group a decline ends one ring and the first answer ends all the others', async () => {
  const { server, ledger } = await startScene()
  const [ana, bob, carla, dora] = await Promise.all(
    ['ana', 'bob', 'carla', 'dora'].map(server.person),
  )
  if (!ana || !bob || !carla || !dora) throw new Error('no people')
  const bobs = await bob.subscribe({ deviceId: 'same-id' })
  const carlas = await carla.subscribe({ deviceId: 'same-id' })
  const doras = await dora.subscribe({ deviceId: 'doras' })
  const all = [bobs, carlas, doras]
  const rings = Promise.all(all.map(({ browser }) => browser.next()))
  const subjectId = await ring(ana, bob, carla, dora)
  await rings
  await ledger.settled({ subjectId }, 3)

  const declined = await dora.ask('POST', `/api/calls/${subjectId}/decline`, { deviceId: 'doras' })
  expect(at(declined.body, 'state')).toBe('ringing')
  const told = carlas.browser.next()
  await bob.ask('POST', `/api/calls/${subjectId}/accept`, { deviceId: 'same-id' })
  expect(bodyOf(await told)).toBe('Somebody else answered')
  await ledger.settled({ subjectId, kind: 'call_ended' }, 3)
  expect(bobs.browser.received).toHaveLength(1)
  expect(doras.browser.received).toHaveLength(1)
  expect(carlas.browser.received).toHaveLength(2)
})

test('the caller is told the truth: how many push services took it, and which devices show it', async () => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const laptop = await bob.subscribe({ deviceName: 'Firefox, Linux' })
  const hangs = await bob.subscribe({ deviceName: 'Hangs' })
  const refused = await bob.subscribe({ deviceName: 'Refused' })
  server.push.answerNext({ kind: 'never' }, { endpoint: hangs.browser.endpoint, times: Infinity })
  server.push.failWith(403, { endpoint: refused.browser.endpoint, times: Infinity })
  const rang = laptop.browser.next()
  const sessionId = await ring(ana, bob)
  const devices = async () => at((await ana.ask('GET', `/api/calls/${sessionId}`)).body, 'devices')
  const push = await rang
  await vi.waitFor(async () => expect(await devices()).toEqual({ notified: 1, ringing: [] }))

  await ask(server.url, null, {
    method: 'POST',
    path: '/api/push-receipts',
    body: { receipt: receiptOf(push), event: 'shown' },
  })
  expect(await devices()).toEqual({ notified: 1, ringing: ['Firefox, Linux'] })
  const states = ledger.rows({ subjectId: sessionId }).map(({ state }) => state)
  expect(states.toSorted()).toEqual(['accepted', 'rejected'])
})

test('a call to somebody without a device reaches nobody, and says so', async () => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const subjectId = await ring(ana, bob)
  expect(await ledger.settled({ subjectId })).toMatchObject([
    { ownerId: bob.id, state: 'suppressed', reason: 'no_device' },
  ])
  const call = await ana.ask('GET', `/api/calls/${subjectId}`)
  expect(at(call.body, 'devices')).toEqual({ notified: 0, ringing: [] })
})

test('somebody who wants no calls is not rung, nor told that one was missed', async () => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const { browser } = await bob.subscribe()
  const wishes = await bob.ask('PUT', '/api/notification-preferences', { calls: false })
  expect(wishes.status).toBe(200)
  const subjectId = await ring(ana, bob)
  await ledger.settled({ subjectId })
  await ana.ask('POST', `/api/calls/${subjectId}/cancel`)
  const rows = await ledger.settled({ subjectId }, 2)
  expect(rows.map((row) => row.reason)).toEqual(['calls_off', 'calls_off'])
  expect(askedFor(server, browser.endpoint)).toEqual([])
})
