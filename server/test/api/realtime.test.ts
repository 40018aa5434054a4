import { realtimeEvents, type RealtimeEventName } from '@belfry/contracts'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openTab, type Tab } from '../support/tab.ts'
import { at, startTestServer, type TestPerson, type TestServer } from '../support/test-server.ts'

let server: TestServer
let ana: TestPerson
let bob: TestPerson
let eve: TestPerson
let dan: TestPerson

beforeAll(async () => {
  server = await startTestServer()
  ana = await server.person('ana')
  bob = await server.person('bob')
  eve = await server.person('eve')
  dan = await server.person('dan')
})
afterAll(() => server.close())

async function tabOf(person: TestPerson, deviceId?: string): Promise<Tab> {
  const auth = deviceId === undefined ? { token: person.token } : { token: person.token, deviceId }
  const tab = await openTab(server.url, auth)
  onTestFinished(() => tab.close())
  return tab
}
/** What a tab heard is of the shape that the contract gives it. */
async function next(
  tab: Tab,
  name: RealtimeEventName,
  fits?: (payload: unknown) => boolean,
): Promise<unknown> {
  const payload = await tab.next(name, fits)
  expect(realtimeEvents[name].safeParse(payload).data).toEqual(payload)
  return payload
}
async function begin(title?: string): Promise<string> {
  const body =
    title === undefined ? { memberIds: [bob.id] } : { memberIds: [bob.id, dan.id], title }
  return String(at((await ana.ask('POST', '/api/conversations', body)).body, 'id'))
}

test('a message is heard in every tab of those in the conversation, and by nobody else', async () => {
  const id = await begin('Trip')
  const [own, first, second, outside] = await Promise.all([
    tabOf(ana),
    tabOf(bob),
    tabOf(bob),
    tabOf(eve),
  ])
  const heard = Promise.all([own, first, second].map((tab) => next(tab, 'chat.message')))
  const sent = await ana.ask('POST', `/api/conversations/${id}/messages`, { text: 'hello' })
  for (const payload of await heard) {
    expect(payload).toEqual({ ...Object(sent.body), senderName: 'Ana', conversationTitle: 'Trip' })
  }
  const read = next(own, 'conversation.read')
  await bob.ask('POST', `/api/conversations/${id}/read`, { messageId: at(sent.body, 'id') })
  expect(await read).toEqual({ conversationId: id, userId: bob.id, messageId: at(sent.body, 'id') })
  // Everything said so far was for others: the first thing that Eve hears is her own.
  const own1 = next(outside, 'devices.updated')
  await eve.subscribe()
  await own1
  expect(outside.heard.map((each) => each.name)).toEqual(['devices.updated'])
})

test('a call rings in the callee’s tabs, and both sides hear what becomes of it', async () => {
  const [caller, callee, outside] = await Promise.all([tabOf(ana), tabOf(bob), tabOf(eve)])
  const rings = next(callee, 'call.ringing')
  const started = await ana.ask('POST', '/api/calls', { calleeIds: [bob.id], media: 'video' })
  const sessionId = at(started.body, 'sessionId')
  expect(at(await rings, 'sessionId')).toBe(sessionId)
  const isAccepted = (call: unknown) => at(call, 'state') === 'accepted'
  const updated = Promise.all([caller, callee].map((tab) => next(tab, 'call.updated', isAccepted)))
  await bob.ask('POST', `/api/calls/${String(sessionId)}/accept`, { deviceId: 'desk' })
  for (const call of await updated) expect(at(call, 'sessionId')).toBe(sessionId)
  expect(caller.heard.some((each) => each.name === 'call.ringing')).toBe(false)
  expect(outside.heard).toEqual([])
})

test('what becomes of a ring is told once, at either side', async () => {
  const [one, other] = await Promise.all([server.person('one'), server.person('other')])
  const { browser } = await other.subscribe()
  const tabs = await Promise.all([tabOf(one), tabOf(other)])
  const isDeclined = (call: unknown) => at(call, 'state') === 'declined'
  const over = Promise.all(tabs.map((tab) => next(tab, 'call.updated', isDeclined)))
  const notified = tabs.map((tab) => tab.next('call.updated'))
  const rings = browser.next()
  const call = await one.ask('POST', '/api/calls', { calleeIds: [other.id], media: 'audio' })
  await Promise.all([rings, ...notified])
  await other.ask('POST', `/api/calls/${String(at(call.body, 'sessionId'))}/decline`)
  await over
  for (const tab of tabs) {
    const told = tab.heard
      .filter(({ name }) => name === 'call.updated')
      .map(({ payload }) => JSON.stringify({ ...Object(payload), serverTime: null }))
    expect(told).toHaveLength(new Set(told).size)
  }
})

test('one’s own tabs hear of one’s devices', async () => {
  const tab = await tabOf(ana)
  const registered = next(tab, 'devices.updated')
  const { id } = await ana.subscribe()
  expect(await registered).toEqual({ subscriptionId: id, change: 'registered' })
  const renamed = next(tab, 'devices.updated')
  await ana.ask('PATCH', `/api/push-subscriptions/${id}`, { deviceName: 'Kitchen' })
  expect(await renamed).toEqual({ subscriptionId: id, change: 'renamed' })
  const removed = next(tab, 'devices.updated')
  await ana.ask('DELETE', `/api/push-subscriptions/${id}`)
  expect(await removed).toEqual({ subscriptionId: id, change: 'removed' })
})

test('nobody is let in without a token that is good', async () => {
  const ended = await server.person('ended')
  await ended.ask('POST', '/api/auth/logout')
  for (const token of ['', 'garbage', ended.token, `${ana.token}x`])
    await expect(openTab(server.url, { token })).rejects.toThrow('UNAUTHENTICATED')
})

test('there is no other transport than WebSocket', async () => {
  const polling = await server.ask({ method: 'GET', path: '/realtime/?EIO=4&transport=polling' })
  expect(polling.status).toBe(400)
})

test('the device whose visible tab shows the conversation gets no push for it; every other device does', async () => {
  const id = await begin('shown')
  const desk = await bob.subscribe({ deviceId: 'desk' })
  const phone = await bob.subscribe({ deviceId: 'phone' })
  const tab = await tabOf(bob, 'desk')
  const write = (text: string, conversationId = id) =>
    ana.ask('POST', `/api/conversations/${conversationId}/messages`, { text })
  const bodies = (browser: typeof desk.browser) =>
    browser.received.map((push) => at(push.json, 'notification', 'body'))
  const onPhone = (text: string) =>
    phone.browser.next((push) => at(push.json, 'notification', 'body') === text)
  const onDesk = (text: string) =>
    desk.browser.next((push) => at(push.json, 'notification', 'body') === text)

  tab.say('presence', { visible: true, conversationId: id })
  await tab.settled()
  const withheld = onPhone('you see this')
  await write('you see this')
  await withheld

  const elsewhere = onDesk('another conversation')
  await write('another conversation', await begin('not shown'))
  await elsewhere

  tab.say('presence', { visible: false, conversationId: id })
  await tab.settled()
  const hidden = onDesk('the tab is hidden')
  await write('the tab is hidden')
  await hidden

  tab.say('presence', { visible: true, conversationId: id })
  await tab.settled()
  tab.close()
  expect(bodies(desk.browser)).not.toContain('you see this')
})

test('what is no presence, and what no tab may say, is not heard and breaks nothing', async () => {
  const tab = await tabOf(eve, 'desk')
  for (const odd of [
    null,
    7,
    'x',
    [],
    { visible: 'yes' },
    { visible: true, conversationId: '\u0000' },
    { $ne: 1 },
  ])
    tab.say('presence', odd)
  tab.say('chat.message', { text: 'forged' })
  tab.say('__proto__', {})
  const registered = tab.next('devices.updated')
  await eve.subscribe()
  await registered
  expect(tab.heard.map((each) => each.name)).toEqual(['devices.updated'])
})
