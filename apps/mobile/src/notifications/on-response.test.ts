import { expect, test } from '@jest/globals'
import { anaCalls, anaCallsData, fakePhone } from '../../test/fake-phone.ts'
import { responseHandler } from './on-response.ts'
import { pushHandler } from './on-push.ts'
import { writePushData } from './push-data.ts'
import { readResponse, tapAction, type Response } from './read-response.ts'
import { readTaskPayload } from './read-task-payload.ts'

/** As expo-notifications hands it to the listener. */
function told(actionIdentifier: string, data: unknown = anaCallsData) {
  return {
    actionIdentifier,
    notification: { date: 1, request: { identifier: 'call-S', content: { title: 'x', data } } },
  }
}

function response(action: string, data: unknown = anaCallsData): Response {
  const read = readResponse(told(action, data))
  if (read === undefined) throw new Error('not read')
  return read
}

test('a tap on a ring opens the call, and the phone stops ringing: the page does now', async () => {
  const phone = fakePhone()
  await pushHandler(phone)(anaCalls)
  const outcome = await responseHandler(phone)(response(tapAction))
  expect(outcome).toEqual({ kind: 'open', path: '/calls/incoming?sessionId=S' })
  expect(phone.shown.size).toBe(0)
  expect(phone.scheduled.size).toBe(0)
  expect(phone.posts).toContainEqual({
    path: '/api/push-receipts',
    body: { receipt: 'receipt-1', event: 'clicked' },
  })
})

test('Answer opens the call and says which one is answered', async () => {
  const outcome = await responseHandler(fakePhone())(response('answer'))
  expect(outcome).toEqual({ kind: 'open', path: '/calls/incoming?sessionId=S', answers: 'S' })
})

test('Decline opens nothing', async () => {
  const phone = fakePhone()
  expect(await responseHandler(phone)(response('decline'))).toEqual({ kind: 'declined' })
  expect(phone.posts).toEqual([{ path: '/api/calls/S/decline', body: { receipt: 'receipt-1' } }])
})

test('Decline told by both the task and the listener declines once', async () => {
  const phone = fakePhone()
  const onResponse = responseHandler(phone)
  const payload = readTaskPayload(told('decline'))
  if (payload.kind !== 'response') throw new Error('not read')
  const outcomes = await Promise.all([
    onResponse(payload.response),
    onResponse(response('decline')),
  ])
  expect(outcomes).toEqual([{ kind: 'declined' }, { kind: 'nothing' }])
  expect(phone.posts).toHaveLength(1)
})

test('a message opens its conversation', async () => {
  const data = { v: 1, type: 'chat_message', id: 'd', exp: 9, receipt: 'r', url: '/chats/c' }
  const outcome = await responseHandler(fakePhone())(response(tapAction, data))
  expect(outcome).toEqual({ kind: 'open', path: '/chats/c' })
})

test.each(['https://evil.tld/', '//evil.tld', 'javascript:alert(1)', 7])(
  'a message that points to %j opens the first page',
  async (url) => {
    const data = { v: 1, type: 'chat_message', id: 'd', exp: 9, receipt: 'r', url }
    const outcome = await responseHandler(fakePhone())(response(tapAction, data))
    expect(outcome).toEqual({ kind: 'open', path: '/' })
  },
)

test('an action that only a ring has does nothing on anything else', async () => {
  const phone = fakePhone()
  const data = { ...anaCallsData, type: 'missed_call' }
  expect(await responseHandler(phone)(response('decline', data))).toEqual({ kind: 'nothing' })
  expect(phone.posts).toEqual([])
})

test("what the phone's own notification carries is read again as it was", () => {
  expect(response('answer', writePushData(anaCalls)).data).toEqual(anaCalls)
})

test("another app's notification is no response of ours", () => {
  expect(readResponse(told(tapAction, { some: 'data' }))).toBeUndefined()
  expect(readResponse({ actionIdentifier: tapAction })).toBeUndefined()
  expect(readResponse(null)).toBeUndefined()
})
