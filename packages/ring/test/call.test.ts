import { expect, test } from 'vitest'
import { isOver, missedBy, startCall, stateAt, timeLeftMs } from '../src/index.ts'
import { anaCalls, expiresAtMs, play, ringTimeoutMs, startedAtMs } from './calls.ts'

const atMs = startedAtMs + 5_000
const bobAccepts = { type: 'accept', userId: 'bob', deviceId: 'laptop', atMs } as const
const bobDeclines = { type: 'decline', userId: 'bob', atMs } as const
const anaCancels = { type: 'cancel', userId: 'ana', atMs } as const
const timeout = { type: 'timeout', atMs: expiresAtMs + 60_000 } as const

test('a new call rings every callee until the ring window closes', () => {
  const { call, effects } = anaCalls('bob', 'carol')
  expect(call).toEqual({
    sessionId: 'S',
    callerId: 'ana',
    callees: [
      { id: 'bob', state: 'ringing', deviceId: null },
      { id: 'carol', state: 'ringing', deviceId: null },
    ],
    media: 'video',
    conversationId: 'C',
    state: 'ringing',
    startedAtMs,
    ringExpiresAtMs: expiresAtMs,
    acceptedAtMs: null,
    endedAtMs: null,
    endedBy: null,
    revision: 0,
  })
  expect(effects).toEqual([{ type: 'ring', calleeIds: ['bob', 'carol'], expiresAtMs }])
})

test('a caller in her own list is not rung, and nobody is rung twice', () => {
  const { effects } = anaCalls('bob', 'ana', 'bob')
  expect(effects).toEqual([{ type: 'ring', calleeIds: ['bob'], expiresAtMs }])
})

test.each([[[]], [['ana']]])('a call to %j reaches nobody and is refused', (calleeIds) => {
  const input = { sessionId: 'S', callerId: 'ana', media: 'audio', atMs, ringTimeoutMs } as const
  expect(startCall({ ...input, calleeIds })).toEqual({ kind: 'refused', code: 'NO_CALLEES' })
})

test('the record of an answered and ended call says who, where and when', () => {
  const anaEnds = { type: 'end', userId: 'ana', atMs: atMs + 90_000 } as const
  const { call, effects } = play(anaCalls('bob').call, [bobAccepts, anaEnds])
  expect(call).toMatchObject({
    state: 'ended',
    callees: [{ id: 'bob', state: 'accepted', deviceId: 'laptop' }],
    acceptedAtMs: atMs,
    endedAtMs: atMs + 90_000,
    endedBy: 'ana',
    revision: 2,
  })
  expect(effects).toEqual([
    {
      type: 'stop',
      reason: 'accepted',
      userId: 'bob',
      calleeIds: ['bob'],
      exceptDeviceId: 'laptop',
      atMs,
    },
    { type: 'hang-up', userId: 'ana', atMs: atMs + 90_000 },
  ])
})

test('a missed call is dated by its expiry, however late the timer fires', () => {
  const { call, effects } = play(anaCalls('bob').call, [timeout])
  expect(call).toMatchObject({ state: 'missed', endedAtMs: expiresAtMs, endedBy: null })
  expect(effects).toMatchObject([{ type: 'stop', reason: 'missed', atMs: expiresAtMs }])
})

test.each([
  ['declined', bobDeclines, 'bob'],
  ['busy', { type: 'busy', userId: 'bob', atMs }, 'bob'],
  ['cancelled', anaCancels, 'ana'],
] as const)('a %s call records when and by whom', (state, input, endedBy) => {
  const { call } = play(anaCalls('bob').call, [input])
  expect(call).toMatchObject({ state, endedAtMs: atMs, endedBy })
})

test('a clock that jumps back never makes a call end before it began', () => {
  const early = startedAtMs - 60_000
  const { call } = play(anaCalls('bob').call, [
    { ...bobAccepts, atMs: early },
    { type: 'end', userId: 'bob', atMs: early - 1 },
  ])
  expect(call).toMatchObject({ acceptedAtMs: startedAtMs, endedAtMs: startedAtMs })
})

test.each([
  [startedAtMs, 30_000],
  [startedAtMs + 12_000, 18_000],
  [expiresAtMs - 1, 1],
  [expiresAtMs, 0],
  [expiresAtMs + 5, 0],
  [startedAtMs - 5_000, 30_000],
])('at %d a ringing call has %d ms left', (nowMs, leftMs) => {
  expect(timeLeftMs(anaCalls('bob').call, nowMs)).toBe(leftMs)
})

test('an answered call has no time left to ring', () => {
  expect(timeLeftMs(play(anaCalls('bob').call, [bobAccepts]).call, atMs)).toBe(0)
})

test('a call whose ring ran out counts as missed before any timer has fired', () => {
  const { call } = anaCalls('bob')
  expect(stateAt(call, expiresAtMs - 1)).toBe('ringing')
  expect(stateAt(call, expiresAtMs)).toBe('missed')
  expect(stateAt(play(call, [bobAccepts]).call, expiresAtMs)).toBe('accepted')
})

test('ringing and accepted calls go on, all others are over', () => {
  const states = [
    'ringing',
    'accepted',
    'declined',
    'cancelled',
    'missed',
    'busy',
    'ended',
  ] as const
  expect(states.filter((state) => !isOver(state))).toEqual(['ringing', 'accepted'])
})

test.each([
  ['nobody while it rings', [], []],
  ['everybody when it ran out', [timeout], ['bob', 'carol']],
  ['everybody when ana hung up', [anaCancels], ['bob', 'carol']],
  ['only carol when bob had declined', [bobDeclines, timeout], ['carol']],
  ['only carol when bob had declined and ana hung up', [bobDeclines, anaCancels], ['carol']],
  ['nobody when bob answered, carol included', [bobAccepts], []],
] as const)('"Missed call" is for %s', (_sentence, inputs, expected) => {
  expect(missedBy(play(anaCalls('bob', 'carol').call, inputs).call)).toEqual(expected)
})
