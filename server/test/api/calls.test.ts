import { afterAll, beforeAll, expect, test } from 'vitest'
import { testClock } from '../support/test-clock.ts'
import {
  at,
  listAt,
  refusal,
  startTestServer,
  type Answer,
  type TestPerson,
  type TestServer,
} from '../support/test-server.ts'

const clock = testClock()
let server: TestServer
let ana: TestPerson
let bob: TestPerson
let eve: TestPerson

beforeAll(async () => {
  server = await startTestServer({ now: clock.now })
  ana = await server.person('ana')
  bob = await server.person('bob')
  eve = await server.person('eve')
})
afterAll(() => server.close())

const call = (body: unknown, caller = ana) => caller.ask('POST', '/api/calls', body)
const step = (person: TestPerson, ...[sessionId, type, body]: [string, string, unknown?]) =>
  person.ask('POST', `/api/calls/${sessionId}/${type}`, body)
let ringing: { caller: TestPerson; sessionId: string } | null = null
/** A new ring; what this file rang before has stopped. */
async function ring(callees = [bob], caller = ana): Promise<string> {
  if (ringing !== null) await step(ringing.caller, ringing.sessionId, 'cancel')
  const calleeIds = callees.map((each) => each.id)
  const answer = await call({ calleeIds, media: 'audio' }, caller)
  expect(answer.status).toBe(201)
  const sessionId = String(at(answer.body, 'sessionId'))
  ringing = { caller, sessionId }
  return sessionId
}
const stateOf = (answer: Answer) => [answer.status, at(answer.body, 'state')]

test('a call is answered whole: who, what, until when, and what the devices say', async () => {
  const answer = await call({ calleeIds: [bob.id], media: 'video' })
  expect(answer.status).toBe(201)
  expect(answer.body).toEqual({
    sessionId: expect.any(String),
    state: 'ringing',
    callerId: ana.id,
    callerName: 'Ana',
    calleeIds: [bob.id],
    callees: [{ id: bob.id, displayName: 'Bob', state: 'ringing' }],
    media: 'video',
    conversationId: null,
    startedAt: new Date(clock.now()).toISOString(),
    ringExpiresAt: new Date(clock.now() + 30_000).toISOString(),
    acceptedAt: null,
    endedAt: null,
    devices: { notified: 0, ringing: [] },
    serverTime: new Date(clock.now()).toISOString(),
  })
  await step(ana, String(at(answer.body, 'sessionId')), 'cancel')
})

test('calling somebody whom one is ringing already gives the open call, also at once', async () => {
  const sessionId = await ring()
  const again = await Promise.all(
    [1, 2, 3].map(() => call({ calleeIds: [bob.id], media: 'audio' })),
  )
  for (const answer of again)
    expect([answer.status, at(answer.body, 'sessionId')]).toEqual([200, sessionId])
})

test('a conversation is called as a whole; of one that one is not in nothing is known', async () => {
  const memberIds = [bob.id, eve.id]
  const conversation = await ana.ask('POST', '/api/conversations', { memberIds })
  const conversationId = at(conversation.body, 'id')
  const answer = await call({ conversationId, media: 'audio' })
  expect(answer.status).toBe(201)
  expect(at(answer.body, 'conversationId')).toBe(conversationId)
  expect(new Set(listAt(answer.body, 'calleeIds'))).toEqual(new Set(memberIds))
  await step(ana, String(at(answer.body, 'sessionId')), 'cancel')
  const outsider = await server.person('outsider')
  const refused = await call({ conversationId, media: 'audio' }, outsider)
  expect(refusal(refused)).toEqual([404, 'CONVERSATION_NOT_FOUND'])
})

test.each<[unknown, [number, string]]>([
  [{}, [400, 'INVALID_REQUEST']],
  [{ calleeIds: [], media: 'audio' }, [400, 'INVALID_REQUEST']],
  [{ calleeIds: ['x'], conversationId: 'c', media: 'audio' }, [400, 'INVALID_REQUEST']],
  [{ calleeIds: ['x'], media: 'hologram' }, [400, 'INVALID_REQUEST']],
  [{ calleeIds: { $ne: null }, media: 'audio' }, [400, 'INVALID_REQUEST']],
  [
    { calleeIds: Array.from({ length: 101 }, (_, n) => String(n)), media: 'audio' },
    [400, 'INVALID_REQUEST'],
  ],
  [{ calleeIds: ['nobody'], media: 'audio' }, [422, 'UNKNOWN_CALLEE']],
  [{ conversationId: 'none', media: 'audio' }, [404, 'CONVERSATION_NOT_FOUND']],
])('a call to %j is refused', async (body, expected) => {
  expect(refusal(await call(body))).toEqual(expected)
})

test('nobody calls only themselves', async () => {
  const answer = await call({ calleeIds: [ana.id], media: 'audio' })
  expect(refusal(answer)).toEqual([422, 'NO_CALLEES'])
})

test('the device that accepted is told yes again; another device of the same person 409', async () => {
  const sessionId = await ring()
  const accepted = await step(bob, sessionId, 'accept', { deviceId: 'phone' })
  expect(stateOf(accepted)).toEqual([200, 'accepted'])
  expect(at(accepted.body, 'acceptedAt')).toBe(new Date(clock.now()).toISOString())
  const again = await step(bob, sessionId, 'accept', { deviceId: 'phone' })
  expect([again.status, again.body]).toEqual([200, accepted.body])
  const other = await step(bob, sessionId, 'accept', { deviceId: 'desk' })
  expect(refusal(other)).toEqual([409, 'ANSWERED_ON_ANOTHER_DEVICE'])
  expect(at(other.body, 'state')).toBe('accepted')
})

test('without a device id the sign-in stands for the device', async () => {
  const sessionId = await ring()
  expect(stateOf(await step(bob, sessionId, 'accept'))).toEqual([200, 'accepted'])
  expect(stateOf(await step(bob, sessionId, 'accept'))).toEqual([200, 'accepted'])
  const signedInAgain = await server.ask({
    method: 'POST',
    path: '/api/auth/login',
    body: { username: 'bob', password: 'correct horse' },
  })
  const other = await server.ask({
    method: 'POST',
    path: `/api/calls/${sessionId}/accept`,
    headers: { authorization: `Bearer ${String(at(signedInAgain.body, 'token'))}` },
  })
  expect(refusal(other)).toEqual([409, 'ANSWERED_ON_ANOTHER_DEVICE'])
})

test('of many devices that answer at once exactly one has the call', async () => {
  const sessionId = await ring()
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => step(bob, sessionId, 'accept', { deviceId: `d-${n}` })),
  )
  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
  expect(answers.filter((answer) => answer.status === 409)).toHaveLength(7)
})

test('a call is declined, cancelled or ended by whom it is for, and the end is final', async () => {
  const declined = await ring()
  expect(stateOf(await step(bob, declined, 'decline'))).toEqual([200, 'declined'])
  expect(stateOf(await step(bob, declined, 'decline'))).toEqual([200, 'declined'])
  const cancelled = await ring()
  expect(stateOf(await step(ana, cancelled, 'cancel'))).toEqual([200, 'cancelled'])
  expect(stateOf(await step(ana, cancelled, 'cancel'))).toEqual([200, 'cancelled'])
  const ended = await ring()
  await step(bob, ended, 'accept', { deviceId: 'phone' })
  expect(stateOf(await step(ana, ended, 'end'))).toEqual([200, 'ended'])
  expect(stateOf(await step(bob, ended, 'end'))).toEqual([200, 'ended'])

  for (const [sessionId, state] of [
    [declined, 'declined'],
    [cancelled, 'cancelled'],
    [ended, 'ended'],
  ] as const) {
    const accept = await step(bob, sessionId, 'accept', { deviceId: 'late' })
    expect([...refusal(accept), at(accept.body, 'state')]).toEqual([409, 'WRONG_STATE', state])
    expect((await step(ana, sessionId, 'cancel')).status).toBe(state === 'cancelled' ? 200 : 409)
  }
})

test('an impossible step is 409 with the state as it is', async () => {
  const sessionId = await ring()
  const end = await step(ana, sessionId, 'end')
  expect([...refusal(end), at(end.body, 'state')]).toEqual([409, 'WRONG_STATE', 'ringing'])
  await step(bob, sessionId, 'accept', { deviceId: 'phone' })
  const cancel = await step(ana, sessionId, 'cancel')
  expect([...refusal(cancel), at(cancel.body, 'state')]).toEqual([409, 'WRONG_STATE', 'accepted'])
})

test('who may is decided before what was sent: 401, then 403 or 404, then 400', async () => {
  const sessionId = await ring()
  const raw = (who: TestPerson, type: string) =>
    who.askRaw('POST', `/api/calls/${sessionId}/${type}`, '{"broken')
  for (const type of ['accept', 'decline', 'cancel', 'end']) {
    expect(refusal(await raw(eve, type))).toEqual([404, 'CALL_NOT_FOUND'])
    const anonymous = await server.ask({
      method: 'POST',
      path: `/api/calls/${sessionId}/${type}`,
      raw: '{',
    })
    expect(refusal(anonymous)).toEqual([401, 'UNAUTHENTICATED'])
  }
  expect(refusal(await raw(ana, 'accept'))).toEqual([403, 'NOT_A_CALLEE'])
  expect(refusal(await raw(ana, 'decline'))).toEqual([403, 'NOT_A_CALLEE'])
  expect(refusal(await raw(bob, 'cancel'))).toEqual([403, 'NOT_THE_CALLER'])
  expect(refusal(await raw(bob, 'accept'))).toEqual([400, 'INVALID_JSON'])
  expect(refusal(await step(bob, sessionId, 'accept', { deviceId: 7 }))).toEqual([
    400,
    'INVALID_REQUEST',
  ])
  expect(at((await bob.ask('GET', `/api/calls/${sessionId}`)).body, 'state')).toBe('ringing')
})

test('in a group the first accept ends the ring for all; who did not answer cannot hang up', async () => {
  const sessionId = await ring([bob, eve])
  expect(stateOf(await step(bob, sessionId, 'accept', { deviceId: 'phone' }))).toEqual([
    200,
    'accepted',
  ])
  expect(refusal(await step(eve, sessionId, 'accept', { deviceId: 'x' }))).toEqual([
    409,
    'WRONG_STATE',
  ])
  expect(refusal(await step(eve, sessionId, 'end'))).toEqual([403, 'NOT_IN_THE_CALL'])
})

test('a decline by one of several leaves the others ringing', async () => {
  const sessionId = await ring([bob, eve])
  expect(stateOf(await step(eve, sessionId, 'decline'))).toEqual([200, 'ringing'])
  expect(stateOf(await step(bob, sessionId, 'accept', { deviceId: 'phone' }))).toEqual([
    200,
    'accepted',
  ])
})

test('a call that nobody answers is missed when its time is up, for whoever asks', async () => {
  const sessionId = await ring()
  clock.advance(30_000)
  expect(stateOf(await bob.ask('GET', `/api/calls/${sessionId}`))).toEqual([200, 'missed'])
  expect(refusal(await step(bob, sessionId, 'accept', { deviceId: 'late' }))).toEqual([
    409,
    'WRONG_STATE',
  ])
})

test('calls are listed newest first to who takes part, by state when asked so', async () => {
  const kim = await server.person('kim')
  const first = await ring([bob], kim)
  await step(bob, first, 'decline')
  const second = await ring([bob], kim)
  const ids = async (query: string) =>
    listAt((await kim.ask('GET', `/api/calls${query}`)).body, 'calls').map((each) =>
      at(each, 'sessionId'),
    )
  expect(await ids('')).toEqual([second, first])
  expect(await ids('?state=')).toEqual([second, first])
  expect(await ids('?state=declined')).toEqual([first])
  expect(await ids('?state=ringing')).toEqual([second])
  expect(refusal(await kim.ask('GET', '/api/calls?state=odd'))).toEqual([400, 'INVALID_REQUEST'])
  const other = await server.person('other')
  expect((await other.ask('GET', '/api/calls')).body).toEqual({ calls: [] })
  expect(refusal(await other.ask('GET', `/api/calls/${first}`))).toEqual([404, 'CALL_NOT_FOUND'])
})
