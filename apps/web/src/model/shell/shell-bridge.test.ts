import { afterEach, expect, test, vi } from 'vitest'
import { handClock } from '../../../test/hand-clock.ts'
import { openShellBridge } from './shell-bridge.ts'

let close: () => void = () => undefined
afterEach(() => close())

const token = {
  type: 'EXPO_PUSH_TOKEN',
  token: 'ExponentPushToken[abc]',
  platform: 'android',
  deviceId: 'install-1',
  projectId: 'project-1',
} as const

function open() {
  const clock = handClock()
  const posted: string[] = []
  const onMessage = vi.fn()
  const onSilence = vi.fn()
  const bridge = openShellBridge({
    page: window,
    post: (text) => posted.push(text),
    clock,
    onMessage,
    onSilence,
  })
  close = () => bridge.close()
  return { clock, posted, onMessage, onSilence, bridge }
}

function shellSays(detail: unknown): void {
  window.dispatchEvent(new CustomEvent('shell', { detail }))
}

function post(init: MessageEventInit): void {
  window.dispatchEvent(new MessageEvent('message', { data: token, ...init }))
}

const origin = () => window.location.origin

test('the page asks every 250 ms until it is answered', () => {
  const { clock, posted, onSilence } = open()
  const question = '{"v":1,"type":"SHELL_READY?"}'
  clock.advance(500)
  expect(posted).toEqual([question, question, question])
  shellSays({ v: 1, type: 'PERMISSION', state: 'granted' })
  clock.advance(10_000)
  expect(posted).toHaveLength(3)
  expect(onSilence).not.toHaveBeenCalled()
  expect(clock.waiting()).toBe(0)
})

test('after five seconds it asks no more, and still hears a late answer', () => {
  const { clock, posted, onMessage, onSilence } = open()
  clock.advance(5000)
  const asked = posted.length
  expect(onSilence).toHaveBeenCalledOnce()
  clock.advance(5000)
  expect(posted).toHaveLength(asked)
  shellSays({ v: 1, type: 'PERMISSION', state: 'denied' })
  expect(onMessage).toHaveBeenCalledOnce()
})

test('the token is heard as a message event of this page, with its origin or made without one', () => {
  const { onMessage } = open()
  post({ origin: origin() })
  post({})
  post({ origin: origin(), source: window })
  expect(onMessage).toHaveBeenCalledTimes(3)
  expect(onMessage).toHaveBeenLastCalledWith(expect.objectContaining({ type: token.type }))
})

test('a frame, another window or another origin names no token', () => {
  const { onMessage } = open()
  const frame = document.body.appendChild(document.createElement('iframe'))
  const source = frame.contentWindow
  for (const from of ['https://evil.example', 'null', `${origin()}.evil.example`]) {
    post({ origin: from })
    post({ origin: from, source })
    post({ origin: from, source: window })
  }
  post({ origin: origin(), source })
  post({ source })
  frame.remove()
  expect(onMessage).not.toHaveBeenCalled()
})

test('a message event carries nothing but the token', () => {
  const { onMessage } = open()
  post({ origin: origin(), data: { v: 1, type: 'NAVIGATE', path: '/chats' } })
  post({ origin: origin(), data: { v: 1, type: 'PERMISSION', state: 'denied' } })
  window.dispatchEvent(new Event('shell'))
  expect(onMessage).not.toHaveBeenCalled()
})

test('a token that was named before the page listened is not lost', () => {
  Object.assign(window, { __EXPO_PUSH_TOKEN__: { v: 1, ...token } })
  try {
    const { onMessage } = open()
    expect(onMessage).toHaveBeenCalledOnce()
  } finally {
    Reflect.deleteProperty(window, '__EXPO_PUSH_TOKEN__')
  }
})

test('closed, it neither asks nor hears', () => {
  const { clock, posted, onMessage, bridge } = open()
  bridge.close()
  clock.advance(5000)
  shellSays({ v: 1, type: 'PERMISSION', state: 'granted' })
  post({ origin: origin() })
  expect(posted).toHaveLength(1)
  expect(onMessage).not.toHaveBeenCalled()
})
