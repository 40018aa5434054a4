import { generateVapidKeys } from '@belfry/web-push'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openTab } from '../support/tab.ts'
import { at } from '../support/test-server.ts'
import { askedFor, bodyOf, conversationOf, say, startScene } from './scene.ts'

vi.setConfig({ testTimeout: 30_000 })

test.each([
  ['full', 'Ana', 'meet at noon'],
  ['auto', 'Ana', 'meet at noon'],
  ['sender', 'Ana', 'New message'],
  ['none', 'New message', ''],
])('the preview "%s" shows "%s" and "%s"', async (preview, title, body) => {
  const { server } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const { browser } = await bob.subscribe()
  await bob.ask('PUT', '/api/notification-preferences', { preview })
  const arrived = browser.next()
  await say(ana, await conversationOf(ana, bob), 'meet at noon')
  const { json, text } = await arrived
  expect(at(json, 'notification', 'title')).toBe(title)
  expect(at(json, 'notification', 'body')).toBe(body)
  if (preview === 'sender' || preview === 'none') expect(text).not.toContain('noon')
})

test('a muted conversation and an unwanted chat are not pushed, each with its reason on record', async () => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const { browser } = await bob.subscribe()
  const subjectId = await conversationOf(ana, bob)
  await bob.ask('PUT', '/api/notification-preferences', {
    muted: [{ conversationId: subjectId, until: null }],
  })
  await say(ana, subjectId, 'one')
  await ledger.settled({ subjectId })
  await bob.ask('PUT', '/api/notification-preferences', { chat: false })
  await say(ana, subjectId, 'two')
  const rows = await ledger.settled({ subjectId }, 2)
  expect(rows.map((row) => row.reason)).toEqual(['muted', 'chat_off'])
  expect(askedFor(server, browser.endpoint)).toEqual([])
})

test('the device whose visible tab shows the conversation is not pushed, the others are', async () => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const desk = await bob.subscribe({ deviceId: 'desk' })
  const phone = await bob.subscribe({ deviceId: 'phone' })
  const subjectId = await conversationOf(ana, bob)
  const tab = await openTab(server.url, { token: bob.token, deviceId: 'desk' })
  onTestFinished(() => tab.close())
  tab.say('presence', { visible: true, conversationId: subjectId })
  await tab.settled()

  const arrived = phone.browser.next()
  await say(ana, subjectId, 'hello')
  await arrived
  const rows = await ledger.settled({ subjectId }, 2)
  expect(rows.find((row) => row.deviceRowId === desk.id)).toMatchObject({
    state: 'suppressed',
    reason: 'viewing',
  })

  const both = Promise.all([desk.browser.next(), phone.browser.next()])
  tab.say('presence', { visible: false })
  await tab.settled()
  await say(ana, subjectId, 'are you there?')
  await both
})

test('what was read elsewhere is not pushed any more, and what the push service keeps is withdrawn', async () => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const asleep = await bob.subscribe({ deviceName: 'Asleep' })
  const limited = await bob.subscribe({ deviceName: 'Limited' })
  asleep.browser.goOffline()
  server.push.failWith(503, { endpoint: limited.browser.endpoint })
  const subjectId = await conversationOf(ana, bob)
  const messageId = await say(ana, subjectId, 'hello')
  await vi.waitFor(() =>
    expect(
      ledger
        .rows({ subjectId })
        .map((row) => row.state)
        .sort(),
    ).toEqual(['accepted', 'retry']),
  )

  const withdrawn = server.push.events.waitFor('withdraw')
  await bob.ask('POST', `/api/conversations/${subjectId}/read`, { messageId })
  expect((await withdrawn).stored).toBe(true)
  const rows = await ledger.settled({ subjectId }, 2)
  expect(rows.find((row) => row.deviceRowId === limited.id)).toMatchObject({
    state: 'suppressed',
    reason: 'already_read',
  })
  asleep.browser.goOnline()
  expect(asleep.browser.received).toEqual([])
  expect(askedFor(server, limited.browser.endpoint)).toHaveLength(1)
})

test('reading an older message takes back nothing: the newest of the conversation is still unread', async () => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const { browser } = await bob.subscribe()
  browser.goOffline()
  const subjectId = await conversationOf(ana, bob)
  const first = await say(ana, subjectId, 'first')
  const second = await say(ana, subjectId, 'second')
  await ledger.settled({ subjectId }, 2)
  await bob.ask('POST', `/api/conversations/${subjectId}/read`, { messageId: first })
  const withdrawn = server.push.events.waitFor('withdraw')
  await bob.ask('POST', `/api/conversations/${subjectId}/read`, { messageId: second })
  await withdrawn
  expect(server.push.events.ofType('withdraw')).toHaveLength(1)
})

test('messages of one conversation share a Topic, so that a phone that was off shows the newest only', async () => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const { browser } = await bob.subscribe()
  browser.goOffline()
  const subjectId = await conversationOf(ana, bob)
  let sent = 0
  for (const text of ['one', 'two', 'three']) {
    await say(ana, subjectId, text)
    sent += 1
    await ledger.settled({ subjectId }, sent)
  }
  browser.goOnline()
  expect(browser.received.map(bodyOf)).toEqual(['three'])
})

test('a device that was made with the previous key goes on hearing, signed with that key', async () => {
  const old = generateVapidKeys()
  const { server } = await startScene({
    environment: { VAPID_PREVIOUS_KEYS: `${old.publicKey}:${old.privateKey}` },
  })
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  // The push service holds every push to it against the old key.
  const browser = server.push.subscribe({ vapidPublicKey: old.publicKey })
  const registered = await bob.ask('POST', '/api/push-subscriptions', {
    ...browser.toJSON(),
    applicationServerKey: old.publicKey,
  })
  expect(registered.status).toBe(201)
  const arrived = browser.next()
  await say(ana, await conversationOf(ana, bob), 'still there?')
  expect(bodyOf(await arrived)).toBe('still there?')
})
