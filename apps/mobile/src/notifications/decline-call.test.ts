import { expect, test } from '@jest/globals'
import { anaCalls, fakePhone } from '../../test/fake-phone.ts'
import { declineCall } from './decline-call.ts'
import { pushHandler } from './on-push.ts'

const unreachable = { kind: 'no_answer' } as const

function answered(status: number) {
  return { kind: 'answered', status } as const
}

test('declining needs no session: the receipt of the ring is enough', async () => {
  const phone = fakePhone()
  expect(await declineCall(phone, anaCalls)).toBe('declined')
  expect(phone.posts).toEqual([{ path: '/api/calls/S/decline', body: { receipt: 'receipt-1' } }])
})

test('the ring stops at once, before the server has answered, and does not come back', async () => {
  const phone = fakePhone()
  const onPush = pushHandler(phone)
  await onPush(anaCalls)
  const declined = declineCall({ ...phone, post: () => new Promise(() => undefined) }, anaCalls)
  await new Promise(setImmediate)
  expect(phone.shown.size).toBe(0)
  expect(phone.scheduled.size).toBe(0)
  expect(await onPush({ ...anaCalls, id: 'delivery-7' })).toBe('over')
  void declined
})

test('a session with strange signs stays one part of the address', async () => {
  const phone = fakePhone()
  await declineCall(phone, { ...anaCalls, sessionId: '../x?y#z' })
  expect(phone.posts[0]?.path).toBe('/api/calls/..%2Fx%3Fy%23z/decline')
})

test.each([401, 403, 404, 409])('an answer of %d means that the call is over', async (status) => {
  const phone = fakePhone()
  phone.state.answers = [answered(status)]
  expect(await declineCall(phone, anaCalls)).toBe('over')
  expect(phone.posts).toHaveLength(1)
  expect(phone.showings).toEqual([])
})

test('a bad moment of the network is waited out', async () => {
  const phone = fakePhone()
  phone.state.answers = [unreachable, answered(503), answered(200)]
  expect(await declineCall(phone, anaCalls)).toBe('declined')
  expect(phone.waits).toEqual([1_000, 3_000])
})

test('a person whose decline did not get through is told so', async () => {
  const phone = fakePhone()
  phone.state.answers = [unreachable, unreachable, unreachable]
  expect(await declineCall(phone, anaCalls)).toBe('failed')
  expect(phone.showings).toMatchObject([{ kind: 'note', title: 'The call was not declined' }])
})
