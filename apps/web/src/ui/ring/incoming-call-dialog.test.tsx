import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import axe from 'axe-core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openRingApp, ringingCall } from './test/ring-app.tsx'

let isNarrow = false
let opened: ReturnType<typeof openRingApp> | null = null

beforeEach(() => {
  isNarrow = false
  vi.stubGlobal('matchMedia', (query: string) => ({
    matches: query.includes('width') && isNarrow,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }))
})
afterEach(() => {
  opened?.close()
  opened = null
  vi.unstubAllGlobals()
})

function open(options: Parameters<typeof openRingApp>[0]) {
  opened = openRingApp(options)
  return opened
}

function ringHere(call = ringingCall()): void {
  act(() => opened?.ring.tell(call))
}

test('the ring is an alert dialog named after the caller, and it takes the focus itself', () => {
  open({ path: '/chats/ana' })
  ringHere()
  const dialog = screen.getByRole('alertdialog', { name: 'Ana Ferreira' })
  expect(dialog.getAttribute('aria-modal')).toBe('false')
  expect(document.activeElement).toBe(dialog)
  const described = dialog.getAttribute('aria-describedby') ?? ''
  expect(document.querySelector(`#${described}`)?.textContent).toBe('Video call')
})

test('it can be answered, answered without a camera, declined and replied to by keyboard', () => {
  open({ path: '/chats/ana' })
  ringHere()
  const names = within(screen.getByRole('alertdialog'))
    .getAllByRole('button')
    .map((button) => button.textContent)
  expect(names).toEqual(['Decline', 'Answer', 'Reply with a message', 'Answer without camera'])
})

test('a call without pictures offers no camera', () => {
  open({ path: '/chats/ana' })
  ringHere(ringingCall({ media: 'audio' }))
  expect(screen.queryByRole('button', { name: 'Answer without camera' })).toBeNull()
})

test('axe finds nothing in the dialog', async () => {
  open({ path: '/chats/ana' })
  ringHere()
  const { violations } = await axe.run(screen.getByRole('alertdialog'), {
    // jsdom draws nothing, so colours cannot be measured here.
    rules: { 'color-contrast': { enabled: false } },
  })
  expect(violations.map(({ id }) => id)).toEqual([])
})

test('the countdown is not read out', () => {
  open({ path: '/chats/ana' })
  ringHere()
  expect(document.querySelector('.left')?.closest('[aria-live], [role="status"]')).toBeNull()
  expect(document.querySelector('.bell-face')?.getAttribute('aria-hidden')).toBe('true')
})

test('Escape does not decline: the card stays, and the focus goes back to what one was writing', () => {
  const { asked } = open({ path: '/chats/ana' })
  const field = screen.getByRole('textbox', { name: 'Message Ana' })
  field.focus()
  ringHere()
  fireEvent.keyDown(screen.getByRole('alertdialog'), { key: 'Escape' })
  expect(screen.getByRole('alertdialog')).toBeDefined()
  expect(document.activeElement).toBe(field)
  expect(asked).toEqual([])
})

test('when the ring ends, the focus goes back', () => {
  open({ path: '/chats/ana' })
  const field = screen.getByRole('textbox', { name: 'Message Ana' })
  field.focus()
  ringHere()
  ringHere(ringingCall({ state: 'cancelled' }))
  expect(screen.queryByRole('alertdialog')).toBeNull()
  expect(document.activeElement).toBe(field)
})

test('a person who moved on keeps the focus where it is', () => {
  open({ path: '/chats/ana' })
  ringHere()
  const field = screen.getByRole('textbox', { name: 'Message Ana' })
  field.focus()
  ringHere(ringingCall({ state: 'cancelled' }))
  expect(document.activeElement).toBe(field)
})

test('on a phone the ring covers everything, and says so', () => {
  isNarrow = true
  open({ path: '/chats/ana' })
  ringHere()
  expect(screen.getByRole('alertdialog').getAttribute('aria-modal')).toBe('true')
})

test('Decline declines, and nothing rings any more', async () => {
  const { asked } = open({
    path: '/chats/ana',
    answers: { 'POST /api/calls/call-1/decline': ringingCall({ state: 'declined' }) },
  })
  ringHere()
  fireEvent.click(screen.getByRole('button', { name: 'Decline' }))
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
  expect(asked).toEqual(['POST /api/calls/call-1/decline'])
})

test('Answer takes the call here and goes to it', async () => {
  const accepted = ringingCall({
    state: 'accepted',
    acceptedAt: new Date().toISOString(),
    callees: [{ id: 'bob', displayName: 'Bob', state: 'accepted' }],
  })
  const { address } = open({
    path: '/chats/ana',
    answers: { 'POST /api/calls/call-1/accept': accepted, 'GET /api/calls/call-1': accepted },
  })
  ringHere()
  fireEvent.click(screen.getByRole('button', { name: 'Answer' }))
  await screen.findByRole('button', { name: 'Hang up' })
  expect(address()).toBe('/calls/call-1')
  expect(screen.getByRole('heading', { name: 'Ana Ferreira' })).toBeDefined()
})

test('an answer that comes too late leads to what became of the call', async () => {
  const { address } = open({
    path: '/chats/ana',
    answers: {
      'POST /api/calls/call-1/accept': 409,
      'GET /api/calls/call-1': ringingCall({
        state: 'cancelled',
        endedAt: new Date().toISOString(),
        callees: [{ id: 'bob', displayName: 'Bob', state: 'cancelled' }],
      }),
    },
  })
  ringHere()
  fireEvent.click(screen.getByRole('button', { name: 'Answer' }))
  await screen.findByRole('heading', { name: 'Missed video call' })
  expect(address()).toBe('/calls/incoming')
  expect(screen.queryByRole('alertdialog')).toBeNull()
})

test('a reply is sent to the caller, and declines the call', async () => {
  const sent = {
    id: 'm-1',
    conversationId: 'c-1',
    senderId: 'bob',
    text: 'I will call you back.',
    sentAt: new Date().toISOString(),
    clientMessageId: null,
    notified: false,
  }
  const { asked } = open({
    path: '/chats/ana',
    answers: {
      'POST /api/conversations/c-1/messages': sent,
      'POST /api/calls/call-1/decline': ringingCall({ state: 'declined' }),
    },
  })
  ringHere(ringingCall({ conversationId: 'c-1' }))
  fireEvent.click(screen.getByRole('button', { name: 'Reply with a message' }))
  fireEvent.click(screen.getByRole('button', { name: 'I will call you back.' }))
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
  expect(asked.filter((request) => request.startsWith('POST'))).toEqual([
    'POST /api/conversations/c-1/messages',
    'POST /api/calls/call-1/decline',
  ])
})

test('a second call is one line, and does not take the focus', () => {
  open({ path: '/chats/ana' })
  ringHere()
  const dialog = screen.getByRole('alertdialog')
  ringHere(
    ringingCall({
      sessionId: 'call-2',
      callerId: 'cyd',
      callerName: 'Cyd',
      startedAt: new Date().toISOString(),
    }),
  )
  expect(screen.getByRole('alert').textContent).toContain('Cyd is calling too')
  expect(document.activeElement).toBe(dialog)
  expect(screen.getAllByRole('alertdialog')).toHaveLength(1)
})

test('the window says who is calling', () => {
  document.title = 'Chats · Belfry'
  open({ path: '/chats/ana' })
  ringHere()
  expect(document.title).toBe('Ana Ferreira is calling')
  ringHere(ringingCall({ state: 'cancelled' }))
  expect(document.title).toBe('Chats · Belfry')
})

test('a page that shows the ring keeps the notification away; one that cannot ask does not', async () => {
  const { workerSays } = open({
    path: '/chats/ana',
    answers: { 'GET /api/calls/call-1': ringingCall() },
  })
  const push = { type: 'incoming_call_push', exp: 0 } as const
  let isTaken = false
  await act(async () => {
    isTaken = await workerSays({ ...push, sessionId: 'call-1' })
  })
  expect(isTaken).toBe(true)
  expect(screen.getByRole('alertdialog', { name: 'Ana Ferreira' })).toBeDefined()
  expect(await workerSays({ ...push, sessionId: 'call-unknown' })).toBe(false)
})
