import { expect, test, vi } from 'vitest'
import { openTab } from '../support/tab.ts'
import { ask, at } from '../support/test-server.ts'
import { nextPush, phoneOf, sentTo, startPhoneScene, typesAtPhone } from './phone-scene.ts'
import { conversationOf, ring, say, typeOf } from './scene.ts'

vi.setConfig({ testTimeout: 30_000 })

const quick = { environment: { RING_TIMEOUT_SECONDS: '5' } }

test.each([
  { platform: 'android' },
  { platform: 'ios' },
  { platform: 'android', silent: true },
  { platform: 'ios', silent: true },
] as const)(
  'a message on a phone ($platform) is drawn by the system, one for the conversation',
  async (which) => {
    const { server, expo, ledger } = await startPhoneScene()
    const ana = await server.person('ana')
    const bob = await server.person('bob')
    const phone = await phoneOf({ expo }, bob, which)
    const subjectId = await conversationOf(ana, bob)
    const arrived = nextPush(expo, phone)
    const messageId = await say(ana, subjectId, 'meet at noon')
    const { message, data, form } = await arrived
    const tag = `chat-${subjectId}`
    expect(form).toBe('titled')
    expect(message).toMatchObject({
      title: 'Ana',
      body: 'New message',
      priority: 'high',
      sound: 'default',
      channelId: 'messages_v1',
      tag,
      threadId: tag,
      collapseId: tag,
    })
    expect(message.ttl).toBeGreaterThan(86_000)
    expect(data).toEqual({
      v: 1,
      type: 'chat_message',
      id: expect.any(String),
      tag,
      conversationId: subjectId,
      messageId,
      senderId: ana.id,
      ts: expect.any(Number),
      exp: expect.any(Number),
      receipt: expect.any(String),
      url: `/chats/${subjectId}`,
    })
    expect(await ledger.settled({ subjectId })).toMatchObject([
      { state: 'accepted', status: 200, deviceRowId: phone.id },
    ])

    const second = nextPush(expo, phone)
    await say(ana, subjectId, 'or at one')
    await second
    expect(phone.phone.visible).toHaveLength(1)
  },
)

test.each([
  { preview: 'full', title: 'Ana', body: 'meet at noon' },
  { preview: 'auto', title: 'Ana', body: 'New message' },
  { preview: 'sender', title: 'Ana', body: 'New message' },
  { preview: 'none', title: 'New message', body: '' },
])(
  'the preview "$preview" shows "$title" and "$body", and gives Expo no more than that to read',
  async ({ preview, title, body }) => {
    const { server, expo } = await startPhoneScene()
    const ana = await server.person('ana')
    const bob = await server.person('bob')
    const phone = await phoneOf({ expo }, bob, { platform: 'ios' })
    await bob.ask('PUT', '/api/notification-preferences', { preview })
    const arrived = nextPush(expo, phone)
    await say(ana, await conversationOf(ana, bob), 'meet at noon')
    const push = await arrived
    expect(push.message).toMatchObject({ title, body })
    const requests = JSON.stringify(expo.events.ofType('request').map(({ json }) => json))
    expect(requests.includes('noon')).toBe(preview === 'full')
    if (preview === 'none') expect(requests).not.toContain('Ana')
  },
)

test('an Android phone rings by its own app: nothing for the system to draw, and no longer than the call', async () => {
  const { server, expo, ledger } = await startPhoneScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const phone = await phoneOf({ expo }, bob, { platform: 'android' })
  const rang = nextPush(expo, phone)
  const sessionId = await ring(ana, bob)
  const { form, message, data } = await rang
  expect(form).toBe('headless')
  expect(Object.keys(message).sort()).toEqual(['contentAvailable', 'data', 'priority', 'to', 'ttl'])
  expect(message).toMatchObject({ contentAvailable: true, priority: 'high' })
  expect(message.ttl).toBeGreaterThan(25)
  expect(message.ttl).toBeLessThanOrEqual(30)
  expect(data).toEqual({
    v: 1,
    type: 'incoming_call',
    id: expect.any(String),
    tag: `call-${sessionId}`,
    sessionId,
    callerUid: ana.id,
    callerName: 'Ana',
    media: 'audio',
    ts: expect.any(Number),
    exp: expect.any(Number),
    receipt: expect.any(String),
    url: `/calls/incoming?sessionId=${sessionId}`,
  })
  expect(Number(data['exp']) - Number(data['ts'])).toBeLessThanOrEqual(30)
  expect(await ledger.settled({ subjectId: sessionId })).toMatchObject([{ state: 'accepted' }])
})

test.each([
  { platform: 'ios' },
  { platform: 'ios', silent: true },
  { platform: 'android', silent: true },
] as const)(
  'an iPhone, or a phone that does not say what it is, rings by its system, and its end replaces that',
  async (which) => {
    const { server, expo } = await startPhoneScene()
    const ana = await server.person('ana')
    const bob = await server.person('bob')
    const phone = await phoneOf({ expo }, bob, which)
    const rang = nextPush(expo, phone)
    const sessionId = await ring(ana, bob)
    const { message, form } = await rang
    expect(form).toBe('titled')
    expect(message).toMatchObject({
      title: 'Ana is calling',
      body: 'Audio call',
      priority: 'high',
      sound: 'ring.wav',
      categoryId: 'incoming_call',
      interruptionLevel: 'time-sensitive',
      collapseId: `call-${sessionId}`,
    })
    expect(message.channelId).toBeUndefined()
    expect(message.ttl).toBeLessThanOrEqual(30)

    const missed = nextPush(expo, phone, 'missed_call')
    await ana.ask('POST', `/api/calls/${sessionId}/cancel`)
    await missed
    expect(phone.phone.visible).toMatchObject([{ title: 'Missed call from Ana', replaced: 1 }])
  },
)

test('nobody answers: a missed call takes the place of the ring, on every phone, drawn by the system', async () => {
  const { server, expo } = await startPhoneScene(quick)
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const android = await phoneOf({ expo }, bob, { platform: 'android' })
  const iphone = await phoneOf({ expo }, bob, { platform: 'ios' })
  const missed = [android, iphone].map((phone) => nextPush(expo, phone, 'missed_call'))
  const sessionId = await ring(ana, bob)
  const [onAndroid, onIphone] = await Promise.all(missed)
  const tag = `call-${sessionId}`
  expect(onAndroid?.message).toMatchObject({
    title: 'Missed call from Ana',
    body: 'Call back',
    channelId: 'missed_calls_v1',
    tag,
  })
  expect(onIphone?.message).toMatchObject({ title: 'Missed call from Ana', collapseId: tag })
  expect(onIphone?.message.categoryId).toBeUndefined()
  expect(onIphone?.message.ttl).toBeGreaterThan(80_000)
  expect(iphone.phone.visible).toMatchObject([{ identifier: tag, replaced: 1 }])
  expect(typesAtPhone(android)).toEqual(['incoming_call', 'missed_call'])
})

test('answered elsewhere: the phones that rang are told, each in its way, but for the one that answered', async () => {
  const { server, expo, ledger } = await startPhoneScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const answers = await phoneOf({ expo }, bob, { platform: 'android', deviceId: 'answers' })
  const android = await phoneOf({ expo }, bob, { platform: 'android' })
  const iphone = await phoneOf({ expo }, bob, { platform: 'ios' })
  const all = [answers, android, iphone]
  const rings = Promise.all(all.map((phone) => nextPush(expo, phone)))
  const subjectId = await ring(ana, bob)
  await rings
  await ledger.settled({ subjectId }, 3)

  const told = Promise.all([android, iphone].map((phone) => nextPush(expo, phone, 'call_ended')))
  await bob.ask('POST', `/api/calls/${subjectId}/accept`, { deviceId: 'answers' })
  const [onAndroid, onIphone] = await told
  expect(onAndroid?.form).toBe('headless')
  expect(onAndroid?.data).toMatchObject({
    type: 'call_ended',
    reason: 'accepted',
    tag: `call-${subjectId}`,
    title: 'Ana',
    body: 'Answered on another device',
  })
  expect(onIphone?.message).toMatchObject({
    title: 'Ana',
    body: 'Answered on another device',
    sound: null,
    collapseId: `call-${subjectId}`,
  })
  expect(iphone.phone.visible).toMatchObject([{ body: 'Answered on another device' }])
  const ends = await ledger.settled({ subjectId, kind: 'call_ended' }, 3)
  expect(ends.find((row) => row.deviceRowId === answers.id)?.reason).toBe('did_this')
  expect(answers.phone.received).toHaveLength(1)
})

test('a person with a browser and a phone is reached on both, and the caller is told of two', async () => {
  const { server, expo, ledger } = await startPhoneScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const phone = await phoneOf({ expo }, bob, { platform: 'android' })
  const { browser } = await bob.subscribe()
  const both = Promise.all([browser.next(), nextPush(expo, phone)])
  const subjectId = await ring(ana, bob)
  const [rang, push] = await both
  expect([typeOf(rang), push.data['type']]).toEqual(['incoming_call', 'incoming_call'])
  await ledger.settled({ subjectId }, 2)
  const call = await ana.ask('GET', `/api/calls/${subjectId}`)
  expect(at(call.body, 'devices', 'notified')).toBe(2)

  const receipt = push.data['receipt']
  const body = { receipt, event: 'shown' }
  await ask(server.url, null, { method: 'POST', path: '/api/push-receipts', body })
  const shown = await ana.ask('GET', `/api/calls/${subjectId}`)
  expect(at(shown.body, 'devices', 'ringing', 0)).toEqual(expect.any(String))
})

test('"no device" is on record only for somebody who has none of any kind, and once', async () => {
  const { server, expo, ledger } = await startPhoneScene()
  const [ana, bob, carla, dora] = await Promise.all(
    ['ana', 'bob', 'carla', 'dora'].map(server.person),
  )
  if (!ana || !bob || !carla || !dora) throw new Error('no people')
  await phoneOf({ expo }, bob)
  await carla.subscribe()
  const subjectId = await conversationOf(ana, bob, carla, dora)
  await say(ana, subjectId, 'hello')
  const rows = await ledger.settled({ subjectId }, 3)
  await ledger.quiet()
  const states = ledger.rows({ subjectId }).map((row) => [row.ownerId, row.reason ?? row.state])
  expect(rows).toHaveLength(3)
  expect(Object.fromEntries(states)).toEqual({
    [bob.id]: 'accepted',
    [carla.id]: 'accepted',
    [dora.id]: 'no_device',
  })
})

test('wishes hold for phones too: muted, unwanted, on screen, read', async () => {
  const { server, expo, ledger } = await startPhoneScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const phone = await phoneOf({ expo }, bob, { platform: 'ios', deviceId: 'phone' })
  const subjectId = await conversationOf(ana, bob)
  const put = (wish: unknown) => bob.ask('PUT', '/api/notification-preferences', wish)
  await put({ muted: [{ conversationId: subjectId, until: null }] })
  await say(ana, subjectId, 'one')
  await ledger.settled({ subjectId })
  await put({ muted: [], chat: false })
  await say(ana, subjectId, 'two')
  await ledger.settled({ subjectId }, 2)
  await put({ chat: true })
  const tab = await openTab(server.url, { token: bob.token, deviceId: 'phone' })
  tab.say('presence', { visible: true, conversationId: subjectId })
  await tab.settled()
  await say(ana, subjectId, 'three')
  await ledger.settled({ subjectId }, 3)
  tab.close()
  const reasons = ledger.rows({ subjectId }).map((row) => row.reason)
  expect(reasons).toEqual(['muted', 'chat_off', 'viewing'])
  expect(sentTo(expo, phone)).toBe(0)
})

test('messages of a moment go to Expo together', async () => {
  const { server, expo, ledger } = await startPhoneScene()
  const ana = await server.person('ana')
  const friends = await Promise.all(['bob', 'carla', 'dora', 'eve'].map(server.person))
  for (const friend of friends) await phoneOf({ expo }, friend)
  const subjectId = await conversationOf(ana, ...friends)
  await say(ana, subjectId, 'hello')
  await ledger.settled({ subjectId }, 4)
  const requests = expo.events.ofType('request').filter(({ endpoint }) => endpoint === 'send')
  expect(requests).toHaveLength(1)
})
