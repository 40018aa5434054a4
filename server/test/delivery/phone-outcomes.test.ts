import type { DeliveryErrorCode } from '@belfry/expo-service'
import { expect, test, vi } from 'vitest'
import { anaAndBob, devicesOf, nextPush, phoneOf, sentTo } from './phone-scene.ts'
import { ring, say, typeOf } from './scene.ts'

vi.setConfig({ testTimeout: 30_000 })

test('a phone without the app is forgotten by its ticket, once, and is not tried again', async () => {
  const { ana, bob, expo, ledger, subjectId } = await anaAndBob()
  const gone = await phoneOf({ expo }, bob)
  const kept = await phoneOf({ expo }, bob)
  expo.uninstall(gone.token)
  await say(ana, subjectId, 'first')
  const rows = await ledger.settled({ subjectId }, 2)
  expect(rows.find((row) => row.deviceRowId === gone.id)).toMatchObject({
    state: 'gone',
    reason: 'device_not_registered',
    attempts: 1,
  })
  await say(ana, subjectId, 'second')
  await ledger.settled({ subjectId }, 3)
  expect(sentTo(expo, gone)).toBe(1)
  expect(await devicesOf(bob)).toMatchObject([{ id: kept.id }])
})

test('in one answer, each phone has its own outcome', async () => {
  const { ana, bob, expo, ledger, subjectId } = await anaAndBob()
  const [good, gone, broken] = [
    await phoneOf({ expo }, bob),
    await phoneOf({ expo }, bob),
    await phoneOf({ expo }, bob),
  ]
  expo.uninstall(gone.token)
  expo.answerNext({ kind: 'ticket-error', error: 'DeveloperError' }, { token: broken.token })
  await say(ana, subjectId, 'hello')
  const rows = await ledger.settled({ subjectId }, 3)
  expect(Object.fromEntries(rows.map((row) => [row.deviceRowId, row.reason ?? row.state]))).toEqual(
    {
      [good.id]: 'accepted',
      [gone.id]: 'device_not_registered',
      [broken.id]: 'developer_error',
    },
  )
})

test('too large: once more with its ids alone, and then no more', async () => {
  const { ana, bob, expo, ledger, subjectId } = await anaAndBob()
  await bob.ask('PUT', '/api/notification-preferences', { preview: 'full' })
  const phone = await phoneOf({ expo }, bob)
  const tooBig = { kind: 'ticket-error', error: 'MessageTooBig' } as const
  expo.answerNext(tooBig, { token: phone.token })
  const arrived = nextPush(expo, phone)
  const messageId = await say(ana, subjectId, 'meet at noon')
  const { message, data } = await arrived
  expect(message).toMatchObject({ title: 'New message', body: '' })
  expect(data).toMatchObject({ conversationId: subjectId, messageId })
  expect(JSON.stringify(message)).not.toContain('noon')
  expect(await ledger.settled({ subjectId })).toMatchObject([{ state: 'accepted', attempts: 1 }])

  expo.answerNext(tooBig, { token: phone.token, times: Infinity })
  await say(ana, subjectId, 'once more')
  const rows = await ledger.settled({ subjectId }, 2)
  expect(rows[1]).toMatchObject({ state: 'rejected', reason: 'payload_too_large' })
  expect(sentTo(expo, phone)).toBe(4)
})

test.each<[DeliveryErrorCode, string]>([
  ['ExpoError', 'expo_error'],
  ['ProviderError', 'provider_error'],
])('%s is tried again by itself', async (error) => {
  const { ana, bob, expo, ledger, subjectId } = await anaAndBob()
  const phone = await phoneOf({ expo }, bob)
  expo.answerNext({ kind: 'ticket-error', error }, { token: phone.token })
  const arrived = nextPush(expo, phone)
  await say(ana, subjectId, 'hello')
  await arrived
  expect(await ledger.settled({ subjectId })).toMatchObject([{ state: 'accepted', attempts: 2 }])
})

test.each([
  ['503', { kind: 'status', status: 503 }],
  ['a page of a proxy', { kind: 'html' }],
  ['a reset', { kind: 'reset' }],
  ['a short answer', { kind: 'short' }],
] as const)('%s in Expo’s place is waited out, and the message arrives', async (_what, answer) => {
  const { ana, bob, expo, ledger, subjectId } = await anaAndBob()
  const phone = await phoneOf({ expo }, bob)
  expo.answerNext(answer)
  await say(ana, subjectId, 'hello')
  const rows = await ledger.settled({ subjectId })
  expect(rows).toMatchObject([{ state: 'accepted', attempts: 2 }])
  expect(new Set(phone.phone.received.map((push) => push.data['id'])).size).toBe(1)
  expect(phone.phone.visible).toHaveLength(1)
})

test('a phone that gets too much is left alone for a minute: messages wait, a ring is dropped', async () => {
  const { ana, bob, expo, ledger, subjectId } = await anaAndBob()
  const phone = await phoneOf({ expo }, bob)
  const error = 'MessageRateExceeded'
  expo.answerNext({ kind: 'ticket-error', error }, { token: phone.token })
  await say(ana, subjectId, 'hello')
  await vi.waitFor(() =>
    expect(ledger.rows({ subjectId })).toMatchObject([
      { state: 'retry', reason: 'token_rate_limited' },
    ]),
  )
  const sessionId = await ring(ana, bob)
  expect(await ledger.settled({ subjectId: sessionId })).toMatchObject([
    { state: 'expired', reason: 'endpoint_asked_to_wait' },
  ])
  expect(sentTo(expo, phone)).toBe(1)
})

test.each<[DeliveryErrorCode, string]>([
  ['InvalidCredentials', 'invalid_credentials'],
  ['InvalidProviderToken', 'invalid_credentials'],
  ['MismatchSenderId', 'mismatched_sender'],
])(
  'after %s nothing is sent to that project for a while: messages wait, a ring is refused with the reason',
  async (error, reason) => {
    const { ana, bob, expo, ledger, subjectId } = await anaAndBob()
    const phone = await phoneOf({ expo }, bob, { projectId: 'broken' })
    const other = await phoneOf({ expo }, bob, { projectId: 'sound' })
    expo.answerNext({ kind: 'ticket-error', error }, { token: phone.token })
    await say(ana, subjectId, 'hello')
    await vi.waitFor(() =>
      expect(ledger.rows({ subjectId })).toContainEqual(
        expect.objectContaining({ deviceRowId: phone.id, state: 'retry', reason }),
      ),
    )
    const rang = nextPush(expo, other, 'incoming_call')
    const sessionId = await ring(ana, bob)
    await rang
    const rows = await ledger.settled({ subjectId: sessionId }, 2)
    expect(rows.find((row) => row.deviceRowId === phone.id)).toMatchObject({
      state: 'expired',
      reason,
    })
    expect(sentTo(expo, phone)).toBe(1)
    const devices = JSON.stringify(await devicesOf(bob))
    expect(devices).toContain('The operator has to look')
  },
)

test('MismatchSenderId concerns Google’s phones: an iPhone of the project rings', async () => {
  const { ana, bob, expo, ledger, subjectId } = await anaAndBob()
  const android = await phoneOf({ expo }, bob)
  const iphone = await phoneOf({ expo }, bob, { platform: 'ios' })
  const error = 'MismatchSenderId'
  expo.answerNext({ kind: 'ticket-error', error }, { token: android.token })
  await say(ana, subjectId, 'hello')
  await vi.waitFor(() =>
    expect(ledger.rows({ subjectId })).toContainEqual(
      expect.objectContaining({ deviceRowId: android.id, reason: 'mismatched_sender' }),
    ),
  )
  const rang = nextPush(expo, iphone, 'incoming_call')
  await ring(ana, bob)
  await rang
  expect(sentTo(expo, android)).toBe(1)
})

test('a missing access token refuses nothing for good', async () => {
  const { ana, bob, expo, ledger, subjectId } = await anaAndBob({
    service: { requireAccessToken: 'a secret of the project' },
  })
  await phoneOf({ expo }, bob)
  await say(ana, subjectId, 'hello')
  await vi.waitFor(() =>
    expect(ledger.rows({ subjectId })).toMatchObject([{ state: 'retry', reason: 'unauthorized' }]),
  )
})

test('the access token is shown to Expo', async () => {
  const { ana, bob, expo, ledger, subjectId } = await anaAndBob({
    service: { requireAccessToken: 'a-secret-of-the-project' },
    environment: { EXPO_ACCESS_TOKEN: 'a-secret-of-the-project' },
  })
  await phoneOf({ expo }, bob)
  await say(ana, subjectId, 'hello')
  expect(await ledger.settled({ subjectId })).toMatchObject([{ state: 'accepted' }])
})

test('a phone that did not say which project it is of is asked about once', async () => {
  const { ana, bob, expo, ledger, subjectId } = await anaAndBob()
  const first = expo.install({ projectId: 'one' })
  const second = expo.install({ projectId: 'two' })
  for (const token of [first, second])
    await bob.ask('POST', '/api/push-subscriptions/expo', { token, platform: 'ios' })
  await say(ana, subjectId, 'hello')
  expect(await ledger.settled({ subjectId }, 2)).toMatchObject([
    { state: 'accepted' },
    { state: 'accepted' },
  ])
  const refusals = () => expo.events.ofType('refused').length
  const refusedBefore = refusals()
  await say(ana, subjectId, 'again')
  await ledger.settled({ subjectId }, 4)
  expect(refusals()).toBe(refusedBefore)
})

test('an Expo that hangs delays no browser, and the phone gets its message afterwards', async () => {
  const { ana, bob, expo, ledger, subjectId } = await anaAndBob()
  const phone = await phoneOf({ expo }, bob)
  const { browser } = await bob.subscribe()
  const released = Promise.withResolvers<null>()
  expo.answerNext({ kind: 'hold', until: released.promise })
  const arrived = browser.next()
  await say(ana, subjectId, 'hello')
  await arrived
  const rang = browser.next((push) => typeOf(push) === 'incoming_call')
  await ring(ana, bob)
  await rang
  const ofPhone = () =>
    ledger.rows({ subjectId }).find(({ deviceRowId }) => deviceRowId === phone.id)?.state
  expect(ofPhone()).toBeUndefined()
  released.resolve(null)
  await ledger.settled({ subjectId }, 2)
  expect(ofPhone()).toBe('accepted')
})
