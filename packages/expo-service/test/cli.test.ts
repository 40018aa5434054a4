import { expect, onTestFinished, test } from 'vitest'
import { expoServiceCommand } from '../src/index.ts'
import { post, sendRaw } from './sender.ts'

async function run(json: boolean) {
  const printed: string[] = []
  const stdout = { write: (text: string) => printed.push(text) }
  const service = await expoServiceCommand({ port: 0, receiptDelayMs: 0, json }, { stdout })
  onTestFinished(() => service.close())
  return { service, printed }
}

const android = 'ExponentPushToken[belfry-android-phone]'
const ios = 'ExponentPushToken[belfry-ios-phone]'

test('prints the line to copy, two tokens that work, then a line for every push', async () => {
  const { service, printed } = await run(false)
  const [banner = ''] = printed.splice(0)
  expect(banner).toContain(`\n  EXPO_PUSH_URL=${service.url}\n`)
  expect(banner).toContain(android)
  expect(banner).toContain(ios)
  const [, phonesUrl = ''] = /: (http:\S+\/phones)/.exec(banner) ?? []
  expect(await sendRaw(phonesUrl, { method: 'GET' })).toMatchObject({
    json: { phones: [{ token: android }, { token: ios }] },
  })

  service.answerNext({ kind: 'receipt-error', error: 'InvalidCredentials' }, { token: ios })
  service.answerNext({ kind: 'ticket-error', error: 'ExpoError' }, { token: 'ExpoPushToken[x]' })
  await post(service, 'send', [
    { to: android, data: { secret: 'text' }, contentAvailable: true, priority: 'high', ttl: 30 },
    { to: ios, title: 'secret' },
    { to: 'ExpoPushToken[x]' },
  ])
  await post(service, 'getReceipts', { ids: ['a', service.pushes[0]?.ticketId] })
  service.failWith(503)
  await post(service, 'send', { to: ios })
  await post(service, 'send', {})
  expect(printed).toEqual([
    `push     android, headless, ${service.pushes[0]?.payloadBytes} bytes, priority high, ttl 30\n`,
    `push     ios, titled, ${service.pushes[1]?.payloadBytes} bytes, priority default, receipt InvalidCredentials\n`,
    'ticket   ExpoError\n',
    'receipts 1 of 2 ready\n',
    'scripted status 503 (send)\n',
    'refused  400 VALIDATION_ERROR (send)\n',
  ])
})

test('with --json every line is JSON, without tokens or text', async () => {
  const { service, printed } = await run(true)
  const [first = ''] = printed.splice(0)
  expect(JSON.parse(first)).toEqual({
    type: 'listening',
    url: service.url,
    controlUrl: `${new URL(service.url).origin}/control`,
    phones: [
      { platform: 'android', token: android },
      { platform: 'ios', token: ios },
    ],
    env: { EXPO_PUSH_URL: service.url },
  })
  await post(service, 'send', [{ to: ios, title: 'secret', ttl: 5 }, { to: 'ExpoPushToken[x]' }])
  service.answerNext({ kind: 'short' }, { endpoint: 'getReceipts' })
  await post(service, 'getReceipts', { ids: [] })
  await post(service, 'getReceipts', {})
  const lines: unknown[] = printed.map((line) => JSON.parse(line))
  const [push] = service.pushes
  expect(lines).toEqual([
    {
      type: 'push',
      ticketId: push?.ticketId,
      platform: 'ios',
      form: 'titled',
      payloadBytes: push?.payloadBytes,
      ttl: 5,
      receipt: 'ok',
    },
    { type: 'ticket-error', error: 'DeviceNotRegistered' },
    { type: 'receipts', asked: 0, ready: 0 },
    { type: 'scripted', endpoint: 'getReceipts', kind: 'short', status: 200 },
    { type: 'refused', endpoint: 'getReceipts', status: 400, code: 'VALIDATION_ERROR' },
  ])
  expect(printed.join('')).not.toMatch(/secret|PushToken/)
})
