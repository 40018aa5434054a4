import type { DeliveryErrorCode } from '@belfry/expo-service'
import { expect, test, vi } from 'vitest'
import { at } from '../support/test-server.ts'
import { anaAndBob, devicesOf, nextPush, phoneOf, sentTo } from './phone-scene.ts'
import { conversationOf, ring, say } from './scene.ts'

vi.setConfig({ testTimeout: 30_000 })

const inASecond = { environment: { EXPO_RECEIPT_DELAY_SECONDS: '1' } }

/** Expo takes the next message to that phone, and its receipt says that. */
const fails = (error: DeliveryErrorCode) => ({ kind: 'receipt-error', error }) as const

test('a phone without the app is forgotten when only the receipt says so, and the ledger has the truth', async () => {
  const { ana, bob, expo, ledger, subjectId } = await anaAndBob()
  const gone = await phoneOf({ expo }, bob)
  expo.uninstall(gone.token, { deviceNotRegisteredIn: 'receipt' })
  await say(ana, subjectId, 'hello')
  await vi.waitFor(async () => expect(await devicesOf(bob)).toEqual([]), { timeout: 5000 })
  await vi.waitFor(() =>
    expect(ledger.rows({ subjectId })).toMatchObject([
      { state: 'gone', reason: 'device_not_registered', attempts: 1 },
    ]),
  )
  // Asked once, and done with.
  const asked = expo.events.ofType('receipts').flatMap((event) => event.asked)
  expect(asked).toHaveLength(1)
})

test('a receipt about a token that was replaced meanwhile forgets nothing', async () => {
  const { ana, bob, expo, ledger, subjectId } = await anaAndBob(inASecond)
  const old = await phoneOf({ expo }, bob, { deviceId: 'the-phone' })
  expo.uninstall(old.token, { deviceNotRegisteredIn: 'receipt' })
  const taken = nextPush(expo, old)
  await say(ana, subjectId, 'hello')
  await taken
  const token = expo.install({ platform: 'android' })
  const renewed = await bob.ask('POST', '/api/push-subscriptions/expo', {
    token,
    platform: 'android',
    deviceId: 'the-phone',
  })
  expect(at(renewed.body, 'id')).toBe(old.id)
  await vi.waitFor(() => expect(ledger.rows({ subjectId })).toMatchObject([{ state: 'gone' }]), {
    timeout: 5000,
  })
  expect(await devicesOf(bob)).toMatchObject([{ id: old.id }])
})

test.each<[DeliveryErrorCode]>([['MessageTooBig'], ['ExpoError'], ['ProviderError']])(
  '%s in a receipt: the message goes once more, with its ids alone',
  async (error) => {
    const { ana, bob, expo, ledger, subjectId } = await anaAndBob()
    await bob.ask('PUT', '/api/notification-preferences', { preview: 'full' })
    const phone = await phoneOf({ expo }, bob)
    expo.answerNext(fails(error), { token: phone.token })
    const again = expo.events.waitFor('push', ({ message }) => message.body === '')
    const messageId = await say(ana, subjectId, 'meet at noon')
    const { message, data } = await again
    expect(message).toMatchObject({ title: 'New message', body: '', tag: `chat-${subjectId}` })
    expect(data).toMatchObject({ type: 'chat_message', conversationId: subjectId, messageId })
    const [row] = await ledger.settled({ subjectId })
    expect(data['id']).toBe(row?.id)
    expect(row?.state).toBe('accepted')
    expect(phone.phone.received).toHaveLength(1)
    expect(sentTo(expo, phone)).toBe(2)
  },
)

test('what was read before its receipt came is not sent again', async () => {
  const { ana, bob, expo, ledger, subjectId } = await anaAndBob(inASecond)
  const phone = await phoneOf({ expo }, bob)
  expo.answerNext(fails('MessageTooBig'), { token: phone.token })
  const taken = nextPush(expo, phone)
  const messageId = await say(ana, subjectId, 'hello')
  await taken
  await bob.ask('POST', `/api/conversations/${subjectId}/read`, { messageId })
  await vi.waitFor(
    () =>
      expect(ledger.rows({ subjectId })).toMatchObject([
        { state: 'rejected', reason: 'payload_too_large' },
      ]),
    { timeout: 5000 },
  )
  expect(sentTo(expo, phone)).toBe(1)
})

test('a phone that gets too much, by its receipt, is left alone for a minute', async () => {
  const { ana, bob, expo, ledger, subjectId } = await anaAndBob()
  const phone = await phoneOf({ expo }, bob)
  expo.answerNext(fails('MessageRateExceeded'), { token: phone.token })
  await say(ana, subjectId, 'hello')
  await vi.waitFor(
    () =>
      expect(ledger.rows({ subjectId })).toMatchObject([
        { state: 'rejected', reason: 'token_rate_limited' },
      ]),
    { timeout: 5000 },
  )
  expect(JSON.stringify(await devicesOf(bob))).toContain('more than its push service lets through')
  const sessionId = await ring(ana, bob)
  expect(await ledger.settled({ subjectId: sessionId })).toMatchObject([
    { state: 'expired', reason: 'endpoint_asked_to_wait' },
  ])
  expect(sentTo(expo, phone)).toBe(1)
})

test.each<[DeliveryErrorCode, string]>([
  ['InvalidCredentials', 'invalid_credentials'],
  ['MismatchSenderId', 'mismatched_sender'],
])('after %s in a receipt nothing is sent to that project for a while', async (error, reason) => {
  const { ana, bob, expo, ledger, subjectId } = await anaAndBob()
  const phone = await phoneOf({ expo }, bob)
  expo.answerNext(fails(error), { token: phone.token })
  await say(ana, subjectId, 'hello')
  await vi.waitFor(
    () => expect(ledger.rows({ subjectId })).toMatchObject([{ state: 'rejected', reason }]),
    { timeout: 5000 },
  )
  expect(JSON.stringify(await devicesOf(bob))).toContain('The operator has to look')
  const sessionId = await ring(ana, bob)
  expect(await ledger.settled({ subjectId: sessionId })).toMatchObject([
    { state: 'expired', reason },
  ])
  expect(sentTo(expo, phone)).toBe(1)
})

test('the longest message to the oddest name is no larger than Apple and Google take', async () => {
  const { server, ana, bob, expo, ledger } = await anaAndBob()
  await bob.ask('PUT', '/api/notification-preferences', { preview: 'full' })
  await ana.ask('PATCH', '/api/me', { displayName: '漢"\\'.repeat(20) })
  const android = await phoneOf({ expo }, bob)
  const iphone = await phoneOf({ expo }, bob, { platform: 'ios' })
  const carla = await server.person('carla')
  const subjectId = await conversationOf(ana, bob, carla)
  const arrived = Promise.all([android, iphone].map((phone) => nextPush(expo, phone)))
  await say(ana, subjectId, '👨‍👩‍👧‍👦"\\'.repeat(600))
  for (const push of await arrived) {
    expect(push.receipt).toBe('ok')
    expect(push.payloadBytes).toBeLessThanOrEqual(4096)
    expect(push.payloadBytes).toBeGreaterThan(2500)
  }
  await ledger.quiet()
})
