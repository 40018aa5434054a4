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

const path = '/calls/incoming?sessionId=call-1'
const endedAt = new Date().toISOString()
const accepted = ringingCall({
  state: 'accepted',
  acceptedAt: endedAt,
  callees: [{ id: 'bob', displayName: 'Bob', state: 'accepted' }],
})

function open(options: Partial<Parameters<typeof openRingApp>[0]>) {
  opened = openRingApp({ path, ...options })
  return opened
}

test('a call that still rings, rings', async () => {
  open({ answers: { 'GET /api/calls/call-1': ringingCall() } })
  expect(await screen.findByRole('alertdialog', { name: 'Ana Ferreira' })).toBeDefined()
})

test('a missed call says so and offers to call back; nothing rings', async () => {
  open({
    answers: {
      'GET /api/calls/call-1': ringingCall({
        state: 'missed',
        endedAt,
        callees: [{ id: 'bob', displayName: 'Bob', state: 'missed' }],
      }),
    },
  })
  expect(await screen.findByRole('heading', { name: 'Missed video call' })).toBeDefined()
  expect(screen.getByRole('button', { name: 'Call back' })).toBeDefined()
  expect(screen.queryByRole('alertdialog')).toBeNull()
})

test('a call that does not exist is said in words', async () => {
  open({})
  expect(await screen.findByText('There is no such call, or it was not for you.')).toBeDefined()
})

test('a server that does not answer is said in words, and can be asked again', async () => {
  const answers: Record<string, unknown> = { 'GET /api/calls/call-1': 503 }
  open({ answers })
  const again = await screen.findByRole('button', { name: 'Try again' })
  answers['GET /api/calls/call-1'] = ringingCall()
  fireEvent.click(again)
  expect(await screen.findByRole('alertdialog', { name: 'Ana Ferreira' })).toBeDefined()
})

test('an answer chosen on the notification is carried out at once', async () => {
  const { address, asked } = open({
    pending: { sessionId: 'call-1', callerUid: 'ana', action: 'answer' },
    answers: { 'GET /api/calls/call-1': accepted, 'POST /api/calls/call-1/accept': accepted },
  })
  expect(await screen.findByRole('button', { name: 'Hang up' })).toBeDefined()
  expect(address()).toBe('/calls/call-1')
  expect(asked.filter((request) => request.startsWith('POST'))).toEqual([
    'POST /api/calls/call-1/accept',
  ])
})

test('an answer chosen while the page is open is carried out too', async () => {
  const { address, workerSays } = open({
    path: '/chats/ana',
    answers: { 'GET /api/calls/call-1': accepted, 'POST /api/calls/call-1/accept': accepted },
  })
  await act(() =>
    workerSays({
      type: 'incoming_call_click',
      sessionId: 'call-1',
      callerUid: 'ana',
      action: 'answer',
    }),
  )
  expect(await screen.findByRole('button', { name: 'Hang up' })).toBeDefined()
  expect(address()).toBe('/calls/call-1')
})

test('a call that was answered on another device does not ring, and can be opened here', async () => {
  open({ answers: { 'GET /api/calls/call-1': accepted } })
  expect(await screen.findByRole('heading', { name: 'You answered this video call' })).toBeDefined()
  expect(screen.getByRole('link', { name: 'Open the call here' })).toBeDefined()
  expect(screen.queryByRole('alertdialog')).toBeNull()
})
