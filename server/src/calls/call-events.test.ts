import { domainEvent } from '@belfry/contracts'
import { startCall, step, type Call, type Effect } from '@belfry/ring'
import { expect, test } from 'vitest'
import { toEvents } from './call-events.ts'

const atMs = Date.parse('2026-11-21T10:00:00.000Z')

function started(): { call: Call; effects: readonly Effect[] } {
  const call = startCall({
    sessionId: 's',
    callerId: 'ana',
    calleeIds: ['bob', 'carla'],
    media: 'video',
    atMs,
    ringTimeoutMs: 30_000,
  })
  if (call.kind === 'refused') throw new Error('no call')
  return call
}

function after(input: Parameters<typeof step>[1], doneOn: string | null = null) {
  const outcome = step(started().call, input)
  if (outcome.kind === 'refused') throw new Error(outcome.code)
  const events = toEvents(outcome.effects, { call: outcome.call, callerName: 'Ana', doneOn })
  return events.map((event) => domainEvent.parse(event))
}

test('a call that begins is one ring for everybody who is called', () => {
  const { call, effects } = started()
  expect(toEvents(effects, { call, callerName: 'Ana', doneOn: null })).toEqual([
    {
      type: 'IncomingCallPushMessage',
      sessionId: 's',
      callerId: 'ana',
      callerName: 'Ana',
      calleeIds: ['bob', 'carla'],
      media: 'video',
      startedAt: '2026-11-21T10:00:00.000Z',
      expiresAt: '2026-11-21T10:00:30.000Z',
    },
  ])
})

test('an answer ends the ring of all, but for the device that answered', () => {
  expect(after({ type: 'accept', userId: 'bob', deviceId: 'desk', atMs })).toMatchObject([
    {
      type: 'CallEnded',
      reason: 'accepted',
      userId: 'bob',
      calleeIds: ['bob', 'carla'],
      exceptDeviceId: 'desk',
    },
  ])
})

test('a decline ends one ring, and names the device that declined', () => {
  expect(after({ type: 'decline', userId: 'carla', atMs }, 'row-of-carla')).toMatchObject([
    { reason: 'declined', userId: 'carla', calleeIds: ['carla'], exceptDeviceId: 'row-of-carla' },
  ])
})

test('a missed call has nobody who did it: it names the caller', () => {
  expect(after({ type: 'timeout', atMs: atMs + 30_000 })).toMatchObject([
    { reason: 'missed', userId: 'ana', calleeIds: ['bob', 'carla'] },
  ])
})

test('hanging up after the talk ends no ring', () => {
  const { call } = started()
  const talking = step(call, { type: 'accept', userId: 'bob', deviceId: null, atMs })
  if (talking.kind === 'refused') throw new Error(talking.code)
  const over = step(talking.call, { type: 'end', userId: 'ana', atMs: atMs + 1 })
  if (over.kind === 'refused') throw new Error(over.code)
  expect(
    toEvents(over.effects, { call: over.call, callerName: 'Ana', doneOn: null }),
  ).toMatchObject([{ type: 'CallEnded', reason: 'ended', calleeIds: [] }])
})
