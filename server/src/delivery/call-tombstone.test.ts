import type { CallEnded } from '@belfry/contracts'
import { expect, test } from 'vitest'
import { fakeLedger } from '../../test/delivery/fake-ledger.ts'
import { createCallTombstones } from './call-tombstone.ts'

const ended: CallEnded = {
  type: 'CallEnded',
  sessionId: 's',
  reason: 'cancelled',
  userId: 'ana',
  endedAt: '2026-11-21T10:00:00.000Z',
}

test('the end of a call that nobody here knows is remembered for everybody', async () => {
  const tombstones = createCallTombstones(fakeLedger(), () => 0)
  expect(await tombstones.isOver('s', 'bob')).toBe(false)
  await tombstones.note(ended)
  expect(await tombstones.isOver('s', 'bob')).toBe(true)
  expect(await tombstones.isOver('another', 'bob')).toBe(false)
})

test('a decline is the end for the one who declined', async () => {
  const tombstones = createCallTombstones(fakeLedger(), () => 0)
  await tombstones.note({ ...ended, reason: 'declined', userId: 'bob' })
  expect(await tombstones.isOver('s', 'bob')).toBe(true)
  expect(await tombstones.isOver('s', 'carla')).toBe(false)
})

test('an end that names people is for them', async () => {
  const tombstones = createCallTombstones(fakeLedger(), () => 0)
  await tombstones.note({ ...ended, calleeIds: ['carla', 'dora'] })
  expect(await tombstones.isOver('s', 'dora')).toBe(true)
  expect(await tombstones.isOver('s', 'bob')).toBe(false)
})
