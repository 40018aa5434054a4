import { expect, test } from '@jest/globals'
import { anaCallsData, fakePhone, startMs } from '../../test/fake-phone.ts'
import { showsInForeground } from './foreground.ts'

const ring = { isOwn: false, title: 'Ana is calling', data: anaCallsData }
const message = {
  isOwn: false,
  title: 'Ana',
  data: { v: 1, type: 'chat_message', id: 'm', exp: 9, receipt: 'r', url: '/chats/c' },
}

test('what the phone draws itself is shown', async () => {
  expect(await showsInForeground(fakePhone(), { ...ring, isOwn: true })).toBe(true)
})

test('a push without a title is left to the task, or it would stand there empty', async () => {
  expect(await showsInForeground(fakePhone(), { ...ring, title: '' })).toBe(false)
})

test('a message is shown over another conversation, and the server learns of it', async () => {
  const phone = fakePhone()
  expect(await showsInForeground(phone, message)).toBe(true)
  expect(phone.posts).toEqual([
    { path: '/api/push-receipts', body: { receipt: 'r', event: 'shown' } },
  ])
})

test('the same message twice is shown once', async () => {
  const phone = fakePhone()
  await showsInForeground(phone, message)
  expect(await showsInForeground(phone, message)).toBe(false)
  expect(phone.posts).toHaveLength(1)
})

test('a ring that the page has is not shown as well', async () => {
  const phone = fakePhone()
  phone.state.pageTakes = true
  expect(await showsInForeground(phone, ring)).toBe(false)
  expect(phone.posts).toHaveLength(1)
})

test('a ring that came too late is not shown', async () => {
  const phone = fakePhone()
  phone.state.nowMs = startMs + 31_000
  expect(await showsInForeground(phone, ring)).toBe(false)
  expect(phone.posts).toEqual([])
})

test('after the missed call its late ring is not shown', async () => {
  const phone = fakePhone()
  const missed = { ...anaCallsData, type: 'missed_call', id: 'delivery-3' }
  expect(await showsInForeground(phone, { ...ring, data: missed })).toBe(true)
  expect(await showsInForeground(phone, ring)).toBe(false)
})

test('a notification that is not ours is not swallowed', async () => {
  expect(await showsInForeground(fakePhone(), { ...ring, data: { some: 'data' } })).toBe(true)
})
