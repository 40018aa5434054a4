import { expect, test } from '@jest/globals'
import { withEnded, withSeen } from '../notifications/phone-record.ts'
import { phoneSettings, type Settings } from './settings.ts'

/** As after a start of the app. */
function start(): Settings {
  return phoneSettings({ makeId: () => globalThis.crypto.randomUUID() })
}

test('the server is remembered over a restart of the app', async () => {
  expect(await start().origin()).toBeUndefined()
  await start().setOrigin('https://chat.example')
  expect(await start().origin()).toBe('https://chat.example')
})

test('a phone keeps its device id, also when it is asked for twice at once', async () => {
  const settings = start()
  const [first, second] = await Promise.all([settings.deviceId(), settings.deviceId()])
  expect(second).toBe(first)
  expect(await start().deviceId()).toBe(first)
})

test('no change of the record is lost to another at the same time', async () => {
  const { record } = start()
  await Promise.all(['a', 'b', 'c'].map((id) => record.change((now) => withSeen(now, id))))
  expect((await record.read()).seen).toEqual(['a', 'b', 'c'])
})

test("another server does not inherit the old one's calls and clock", async () => {
  const settings = start()
  await settings.record.change((now) => withEnded(now, 'S'))
  await settings.setOrigin('https://chat.example')
  expect((await settings.record.read()).ended).toEqual(['S'])
  await settings.setOrigin('https://new.example')
  expect((await settings.record.read()).ended).toEqual([])
})
