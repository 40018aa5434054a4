import { runInNewContext } from 'node:vm'
import { expect, test } from '@jest/globals'
import type { ShellMessage } from './messages.ts'
import { pageScript } from './page-script.ts'

const origin = 'https://chat.example'

/** Runs the script in a page at `location` and says what the page heard. */
function run(script: string, location: string) {
  const heard: Array<{ readonly name: string; readonly data: unknown; readonly from: unknown }> = []
  class CustomEvent {
    readonly type: string
    readonly data: unknown
    readonly from = undefined
    constructor(type: string, { detail }: { readonly detail: unknown }) {
      this.type = type
      this.data = detail
    }
  }
  class MessageEvent {
    readonly type: string
    readonly data: unknown
    readonly from: unknown
    constructor(type: string, init: { readonly data: unknown; readonly origin: unknown }) {
      this.type = type
      this.data = init.data
      this.from = init.origin
    }
  }
  const window: Record<string, unknown> = {
    dispatchEvent({ type, data, from }: CustomEvent | MessageEvent) {
      heard.push({ name: type, data: JSON.parse(JSON.stringify(data)), from })
    },
  }
  const result: unknown = runInNewContext(script, {
    window,
    location: { origin: location },
    CustomEvent,
    MessageEvent,
  })
  return { heard, window, result }
}

const token: ShellMessage = {
  v: 1,
  type: 'EXPO_PUSH_TOKEN',
  token: 'ExponentPushToken[abc]',
  platform: 'android',
  deviceId: 'device-1',
  projectId: 'project-1',
  deviceName: 'Pixel 9',
  appVersion: '1.0.0',
  drawsRings: true,
}

test('the page hears a message once, as the event named shell', () => {
  const message: ShellMessage = { v: 1, type: 'NAVIGATE', path: '/chats/1' }
  const { heard, result } = run(pageScript(origin, message), origin)
  expect(heard).toEqual([{ name: 'shell', data: message, from: undefined }])
  expect(result).toBe(true)
})

test('the push token comes as a message event too, and stays in the window', () => {
  const { heard, window } = run(pageScript(origin, token), origin)
  expect(heard).toEqual([
    { name: 'message', data: token, from: origin },
    { name: 'shell', data: token, from: undefined },
  ])
  expect(window['__EXPO_PUSH_TOKEN__']).toMatchObject({ token: 'ExponentPushToken[abc]' })
})

test.each([
  'https://chat.example.evil.tld',
  'https://evil.tld',
  'http://chat.example',
  'https://chat.example:8443',
  'null',
])('a page at %s hears nothing, not even the token', (location) => {
  const { heard, window } = run(pageScript(origin, token), location)
  expect(heard).toEqual([])
  expect(window['__EXPO_PUSH_TOKEN__']).toBeUndefined()
})

test.each([
  '`${alert(1)}`',
  '"});alert(1)//',
  '</script><script>alert(1)</script>',
  'a\u2028b\u2029c',
])('a device named %j is a name, not code', (deviceName) => {
  const script = pageScript(origin, { ...token, deviceName })
  expect(script).not.toMatch(/<|\u2028|\u2029/)
  expect(run(script, origin).window['__EXPO_PUSH_TOKEN__']).toMatchObject({ deviceName })
})
