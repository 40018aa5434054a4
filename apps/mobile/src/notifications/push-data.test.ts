import { expect, test } from '@jest/globals'
import { anaCalls, anaCallsData, startMs } from '../../test/fake-phone.ts'
import { parsePushData } from './push-data.ts'
import { readTaskPayload } from './read-task-payload.ts'
import { shownTag } from './shown-tag.ts'

test('a ring is read as the server sends it', () => {
  expect(parsePushData(anaCallsData)).toEqual(anaCalls)
})

test('the task gets the same as JSON', () => {
  const payload = { notification: null, data: { dataString: JSON.stringify(anaCallsData) } }
  expect(readTaskPayload(payload)).toEqual({ kind: 'push', data: anaCalls })
})

test('the end of a call brings its words', () => {
  const data = {
    ...anaCallsData,
    type: 'call_ended',
    reason: 'accepted',
    title: 'Answered on another device',
    body: 'Ana',
  }
  expect(parsePushData(data)).toMatchObject({
    type: 'call_ended',
    tag: 'call-S',
    title: 'Answered on another device',
    body: 'Ana',
  })
})

test("the server's tag is kept, also where it is a hash: what it draws bears the same", () => {
  expect(parsePushData({ ...anaCallsData, tag: 'call-4hash' })).toMatchObject({ tag: 'call-4hash' })
})

test('a tag of something else is not taken: a ring would take its place', () => {
  expect(parsePushData({ ...anaCallsData, tag: 'chat-C' })).toMatchObject({ tag: 'call-S' })
  expect(parsePushData({ ...anaCallsData, tag: undefined })).toMatchObject({ tag: 'call-S' })
})

test('a message without an address opens its conversation', () => {
  const message = { v: 1, type: 'chat_message', id: 'd', exp: 9, conversationId: 'a/b' }
  expect(parsePushData(message)).toMatchObject({ path: '/chats/a%2Fb' })
  expect(parsePushData({ ...message, conversationId: undefined })).toMatchObject({ path: '/' })
})

test('what a ring may lack has its ordinary value', () => {
  const { callerName: _, ts: __, url: ___, media: ____, ...least } = anaCallsData
  expect(parsePushData(least)).toEqual({ ...anaCalls, callerName: '', ts: 0, media: 'audio' })
  expect(parsePushData({ ...least, sessionId: 'a b&c' })).toMatchObject({
    path: '/calls/incoming?sessionId=a%20b%26c',
  })
})

test.each([
  undefined,
  null,
  'text',
  [],
  {},
  { ...anaCallsData, v: 2 },
  { ...anaCallsData, id: '' },
  { ...anaCallsData, sessionId: undefined },
  { ...anaCallsData, exp: String(startMs) },
  { ...anaCallsData, type: 'wake_up' },
])('%j is no push of ours', (data) => {
  expect(parsePushData(data)).toBeUndefined()
})

test.each([
  undefined,
  {},
  { data: {} },
  { data: { dataString: 'not json' } },
  { data: { dataString: 7 } },
  { notification: {}, data: null },
  { actionIdentifier: 'decline' },
])('the task does nothing with %j', (payload) => {
  expect(readTaskPayload(payload)).toEqual({ kind: 'nothing' })
})

test('a notification is known by its tag, whoever drew it', () => {
  expect(shownTag('call-S')).toBe('call-S')
  expect(shownTag('expo-notifications://foreign_notifications?tag=call-S%20x&id=0')).toBe(
    'call-S x',
  )
  expect(shownTag('expo-notifications://foreign_notifications?id=5')).toBe(
    'expo-notifications://foreign_notifications?id=5',
  )
})
