import type { Call } from '@belfry/contracts'
import { act, fireEvent, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openRingApp, ringingCall } from '../../ui/ring/test/ring-app.tsx'

let opened: ReturnType<typeof openRingApp> | null = null

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({
    matches: false,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }))
})
afterEach(() => {
  opened?.close()
  opened = null
  vi.unstubAllGlobals()
})

const nowIso = () => new Date().toISOString()

/** Bob calls Ana. */
function bobsCall(change: Partial<Call> = {}): Call {
  return ringingCall({
    callerId: 'bob',
    callerName: 'Bob',
    calleeIds: ['ana'],
    callees: [{ id: 'ana', displayName: 'Ana Ferreira', state: change.state ?? 'ringing' }],
    ...change,
  })
}

function open(call: Call, answers: Readonly<Record<string, unknown>> = {}) {
  opened = openRingApp({
    path: '/calls/call-1',
    answers: { 'GET /api/calls/call-1': call, ...answers },
  })
  return opened
}

test('the caller reads the truth as it comes: notified, then ringing, then the length of the call', async () => {
  const { ring } = open(bobsCall({ devices: { notified: 3, ringing: [] } }))
  expect(await screen.findByText('Notifying 3 devices…')).toBeDefined()

  act(() => ring.tell(bobsCall({ devices: { notified: 3, ringing: ['Firefox, Linux'] } })))
  expect(screen.getByText('Ringing on Firefox, Linux')).toBeDefined()
  expect(screen.getByText(/3 devices notified/)).toBeDefined()

  act(() => ring.tell(bobsCall({ state: 'accepted', acceptedAt: nowIso() })))
  expect(screen.getByText('00:00')).toBeDefined()
  expect(screen.getByText('Ana answered.')).toBeDefined()
})

test('when no device could be reached, the caller is told what Ana will see', async () => {
  open(bobsCall({ state: 'missed', endedAt: nowIso(), devices: { notified: 0, ringing: [] } }))
  expect(await screen.findByText('Nobody could be reached.')).toBeDefined()
  expect(screen.getByText('Ana will see a missed call.')).toBeDefined()
  expect(screen.getByRole('button', { name: 'Call again' })).toBeDefined()
})

test('a device that was notified is not called unreachable', async () => {
  open(bobsCall({ state: 'missed', endedAt: nowIso(), devices: { notified: 2, ringing: [] } }))
  expect(await screen.findByText('No answer.')).toBeDefined()
})

test('hanging up while it rings cancels; hanging up while it is on ends', async () => {
  const { asked, ring } = open(bobsCall(), {
    'POST /api/calls/call-1/end': bobsCall({
      state: 'ended',
      acceptedAt: nowIso(),
      endedAt: nowIso(),
    }),
  })
  fireEvent.click(await screen.findByRole('button', { name: 'Hang up' }))
  expect(asked).toContain('POST /api/calls/call-1/cancel')
  await act(() => vi.waitUntil(() => ring.snapshot().busy.size === 0))

  act(() => ring.tell(bobsCall({ state: 'accepted', acceptedAt: nowIso() })))
  fireEvent.click(screen.getByRole('button', { name: 'Hang up' }))
  expect(await screen.findByText('Call ended.')).toBeDefined()
  expect(asked).toContain('POST /api/calls/call-1/end')
})

test('somebody who declines is said to have declined', async () => {
  open(bobsCall({ state: 'declined', endedAt: nowIso() }))
  expect(await screen.findByText('Ana declined.')).toBeDefined()
})

test('a call that rings for the person who opens its address, rings', async () => {
  const { address } = open(ringingCall())
  expect(await screen.findByRole('alertdialog', { name: 'Ana Ferreira' })).toBeDefined()
  expect(address()).toBe('/calls/incoming')
})
