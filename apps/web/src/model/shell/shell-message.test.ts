import { expect, test } from 'vitest'
import { pageMessageText, parseShellMessage, parseTokenMessage } from './shell-message.ts'

const token = {
  v: 1,
  type: 'EXPO_PUSH_TOKEN',
  token: 'ExponentPushToken[abc]',
  platform: 'android',
  deviceId: 'install-1',
  projectId: 'project-1',
  deviceName: 'Pixel 9',
  appVersion: '1.0.0',
  drawsRings: false,
}

test('every message of the shell is read as it was meant', () => {
  expect(parseShellMessage({ v: 1, type: 'NAVIGATE', path: '/chats/1' })).toEqual({
    type: 'NAVIGATE',
    path: '/chats/1',
  })
  expect(parseShellMessage({ v: 1, type: 'CALL_ACTION', id: 'S', action: 'answer' })).toEqual({
    type: 'CALL_ACTION',
    sessionId: 'S',
    action: 'answer',
  })
  expect(parseShellMessage({ v: 1, type: 'PERMISSION', state: 'denied' })).toEqual({
    type: 'PERMISSION',
    state: 'denied',
    trouble: null,
  })
  const { v: _v, type: _type, ...facts } = token
  expect(parseShellMessage(token)).toEqual({ type: 'EXPO_PUSH_TOKEN', token: facts })
})

test.each([
  null,
  'NAVIGATE',
  [],
  { type: 'NAVIGATE', path: '/' },
  { v: 2, type: 'NAVIGATE', path: '/' },
  { v: '1', type: 'NAVIGATE', path: '/' },
  { v: 1, type: 'NAVIGATE' },
  { v: 1, type: 'NAVIGATE', path: '//evil.example' },
  { v: 1, type: 'NAVIGATE', path: 'https://evil.example/' },
  { v: 1, type: 'NAVIGATE', path: { toString: '/chats' } },
  { v: 1, type: 'CALL_ACTION', id: 'S' },
  { v: 1, type: 'CALL_ACTION', id: 'S', action: 'decline' },
  { v: 1, type: 'CALL_ACTION', id: '', action: 'answer' },
  { v: 1, type: 'PERMISSION', state: 'maybe' },
  { v: 1, type: 'PERMISSION', state: 'granted', trouble: 'else' },
  { v: 1, type: 'EVAL', code: '1' },
  { ...token, token: '' },
  { ...token, token: 7 },
  { ...token, token: 'x'.repeat(256) },
  { ...token, platform: 'windows' },
  { ...token, deviceId: undefined },
  { ...token, deviceId: 'a\nb' },
  { ...token, projectId: '' },
  { ...token, drawsRings: 'yes' },
])('what is not exactly a message is dropped: %j', (value) => {
  expect(parseShellMessage(value)).toBeNull()
})

test('the documented token message, without what was added later, is one', () => {
  const { type, platform, deviceId, projectId } = token
  expect(
    parseTokenMessage({ type, token: token.token, platform, deviceId, projectId }),
  ).toMatchObject({ token: { deviceName: null, appVersion: null, drawsRings: true } })
  expect(parseTokenMessage({ ...token, v: 2 })).toBeNull()
  expect(parseTokenMessage({ ...token, type: 'NAVIGATE', path: '/' })).toBeNull()
})

test('a name that the server would refuse does not keep the phone from ringing', () => {
  for (const deviceName of ['x'.repeat(81), ' ', 'a\u0007b', 7]) {
    expect(parseTokenMessage({ ...token, deviceName })).toMatchObject({
      token: { deviceName: null },
    })
  }
})

test('what the page says bears the version', () => {
  expect(JSON.parse(pageMessageText({ type: 'BADGE', count: 3 }))).toEqual({
    v: 1,
    type: 'BADGE',
    count: 3,
  })
})
