import { expect, test } from 'vitest'
import type { ExpoService, Phone } from '../src/index.ts'
import { openService, post } from './sender.ts'

async function push(service: ExpoService, phone: Phone, message: Record<string, unknown>) {
  const answer = await post(service, 'send', { to: phone.token, ...message })
  expect(answer.json).toMatchObject({ data: { status: 'ok' } })
}

const titles = (phone: Phone) => phone.visible.map(({ title }) => title)

test('on Android a tag replaces, a collapseId does not', async () => {
  const service = await openService()
  const phone = service.phone(service.install({ platform: 'android' }))
  await push(service, phone, { title: 'Call', tag: 'call-1', channelId: 'calls_v1' })
  await push(service, phone, { title: 'Chat', collapseId: 'chat-1' })
  await push(service, phone, { title: 'Chat again', collapseId: 'chat-1' })
  await push(service, phone, { title: 'Missed call', tag: 'call-1', data: { callId: 'c1' } })
  expect(titles(phone)).toEqual(['Chat', 'Chat again', 'Missed call'])
  expect(phone.visible.at(-1)).toMatchObject({
    identifier: 'call-1',
    replaced: 1,
    data: { callId: 'c1' },
    channelId: undefined,
  })
})

test('on iOS a collapseId replaces, a tag does not', async () => {
  const service = await openService()
  const phone = service.phone(service.install({ platform: 'ios' }))
  await push(service, phone, { title: 'Call', collapseId: 'call-1', categoryId: 'incoming_call' })
  await push(service, phone, { title: 'Chat', tag: 'chat-1' })
  await push(service, phone, { title: 'Chat again', tag: 'chat-1' })
  await push(service, phone, { title: 'Call ended', collapseId: 'call-1' })
  await push(service, phone, { title: 'Call really ended', collapseId: 'call-1' })
  expect(titles(phone)).toEqual(['Chat', 'Chat again', 'Call really ended'])
  expect(phone.visible.at(-1)).toMatchObject({ identifier: 'call-1', replaced: 2 })
})

test('a phone whose platform was not told replaces nothing', async () => {
  const service = await openService()
  const phone = service.phone(service.install())
  await push(service, phone, { title: 'one', tag: 'a', collapseId: 'a' })
  await push(service, phone, { title: 'two', tag: 'a', collapseId: 'a' })
  expect(titles(phone)).toEqual(['one', 'two'])
})

test('a headless push is not drawn; the task gets it, on iOS only when content is available', async () => {
  const service = await openService()
  const android = service.phone(service.install({ platform: 'android' }))
  const ios = service.phone(service.install({ platform: 'ios' }))
  for (const phone of [android, ios]) {
    await push(service, phone, { data: { n: 1 } })
    await push(service, phone, { data: { n: 2 }, contentAvailable: true })
    expect(phone.visible).toEqual([])
    expect(phone.received).toHaveLength(2)
  }
  expect(android.forTask.map(({ data }) => data)).toEqual([{ n: 1 }, { n: 2 }])
  expect(ios.forTask.map(({ data }) => data)).toEqual([{ n: 2 }])
})

test('Android shows nothing in a channel that the app never made', async () => {
  const service = await openService()
  const phone = service.phone(service.install({ platform: 'android', channels: ['calls_v1'] }))
  await push(service, phone, { title: 'lost', channelId: 'calls_v2' })
  await push(service, phone, { title: 'call', channelId: 'calls_v1' })
  await push(service, phone, { title: 'default', channelId: null })
  await push(service, phone, { title: 'none' })
  expect(titles(phone)).toEqual(['call', 'default', 'none'])
  expect(phone.received).toHaveLength(4)
})

test('a titled push without words draws nothing', async () => {
  const service = await openService()
  const phone = service.phone(service.install({ platform: 'android' }))
  await push(service, phone, { channelId: 'calls_v1', data: { n: 1 } })
  expect(phone.visible).toEqual([])
  expect(phone.forTask).toEqual([])
})

test('the badge is the last one told, on iOS only', async () => {
  const service = await openService()
  const android = service.phone(service.install({ platform: 'android' }))
  const ios = service.phone(service.install({ platform: 'ios' }))
  for (const phone of [android, ios]) {
    expect(phone.badge).toBe(0)
    await push(service, phone, { title: 'x', badge: 3 })
    await push(service, phone, { title: 'y' })
  }
  expect([android.badge, ios.badge]).toEqual([0, 3])
  await push(service, ios, { badge: 0 })
  expect(ios.badge).toBe(0)
})

test('a notification that was taken away is not replaced but new', async () => {
  const service = await openService()
  const phone = service.phone(service.install({ platform: 'ios' }))
  await push(service, phone, { title: 'Call', collapseId: 'call-1' })
  expect(phone.dismiss('call-1')).toBe(true)
  expect(phone.dismiss('call-1')).toBe(false)
  expect(phone.visible).toEqual([])
  await push(service, phone, { title: 'Again', collapseId: 'call-1' })
  expect(phone.visible).toMatchObject([{ title: 'Again', replaced: 0 }])
})
