import { expect, test } from '@jest/globals'
import type { ShellMessage } from '../bridge/messages.ts'
import { screenOf } from './screen-of.ts'
import { createShell, type Shell } from './shell.ts'

const token: Extract<ShellMessage, { type: 'EXPO_PUSH_TOKEN' }> = {
  v: 1,
  type: 'EXPO_PUSH_TOKEN',
  token: 'ExponentPushToken[abc]',
  platform: 'android',
  deviceId: 'device-1',
  projectId: 'project-1',
  deviceName: 'Pixel 9',
  appVersion: '1.0.0',
  drawsRings: true,
}
const granted: ShellMessage = { v: 1, type: 'PERMISSION', state: 'granted' }
const undetermined: ShellMessage = { v: 1, type: 'PERMISSION', state: 'undetermined' }
const toCall: ShellMessage = { v: 1, type: 'NAVIGATE', path: '/calls/incoming?sessionId=S' }
const answer: ShellMessage = { v: 1, type: 'CALL_ACTION', id: 'S', action: 'answer' }
const answered = { path: '/calls/incoming?sessionId=S', answers: 'S' }

/** Puts a page on the screen; says what it was told and which paths were loaded. */
function show(shell: Shell) {
  const told: ShellMessage[] = []
  const loaded: string[] = []
  const listens: boolean[] = []
  shell.attach({
    tell: (message) => told.push(message),
    load: (path) => loaded.push(path),
    pageListens: (does) => listens.push(does),
  })
  return { told, loaded, listens }
}

test('the app opens at the first page, and says nothing before the page asks', () => {
  const shell = createShell()
  const page = show(shell)
  shell.input({ kind: 'push', permission: 'granted', token })
  expect(page.loaded).toEqual(['/'])
  expect(page.told).toEqual([])
  shell.input({ kind: 'asked' })
  expect(page.told).toEqual([granted, token])
})

test('a page that asks before there is a token is answered, and gets the token when it is there', () => {
  const shell = createShell()
  const page = show(shell)
  shell.input({ kind: 'asked' })
  expect(page.told).toEqual([undetermined])
  shell.input({ kind: 'push', permission: 'granted', token })
  expect(page.told).toEqual([undetermined, granted, token])
})

test('a token that changed is told; one that is gone is not told again', () => {
  const shell = createShell()
  const page = show(shell)
  shell.input({ kind: 'push', permission: 'granted', token })
  shell.input({ kind: 'asked' })
  const rolled = { ...token, token: 'ExponentPushToken[new]' }
  shell.input({ kind: 'push', permission: 'granted', token: rolled })
  shell.input({ kind: 'push', permission: 'denied' })
  const denied: ShellMessage = { v: 1, type: 'PERMISSION', state: 'denied' }
  expect(page.told).toEqual([granted, token, granted, rolled, denied])
})

test('a page learns why there is no token', () => {
  const shell = createShell()
  const page = show(shell)
  shell.input({ kind: 'push', permission: 'granted', trouble: 'no_project' })
  shell.input({ kind: 'asked' })
  expect(page.told).toEqual([{ ...granted, trouble: 'no_project' }])
})

test('a tap that started the app opens at its page, without a second navigation', () => {
  const shell = createShell()
  shell.input({ kind: 'open', opening: { path: '/chats/1' } })
  const page = show(shell)
  shell.input({ kind: 'asked' })
  expect(page.loaded).toEqual(['/chats/1'])
  expect(page.told).toEqual([undetermined])
})

test('Answer on a phone whose app was closed opens the call, then answers it', () => {
  const shell = createShell()
  shell.input({ kind: 'open', opening: answered })
  const page = show(shell)
  expect(page.loaded).toEqual([answered.path])
  expect(page.told).toEqual([])
  shell.input({ kind: 'asked' })
  expect(page.told).toEqual([undetermined, answer])
  shell.input({ kind: 'asked' })
  expect(page.told.filter(({ type }) => type === 'CALL_ACTION')).toHaveLength(1)
})

test('a page that is open goes there itself: nothing is loaded again', () => {
  const shell = createShell()
  const page = show(shell)
  shell.input({ kind: 'asked' })
  shell.input({ kind: 'open', opening: answered })
  expect(page.loaded).toEqual(['/'])
  expect(page.told.slice(1)).toEqual([toCall, answer])
})

test('a tap while the page is still loading waits for it', () => {
  const shell = createShell()
  const page = show(shell)
  shell.input({ kind: 'open', opening: answered })
  expect(page.told).toEqual([])
  shell.input({ kind: 'asked' })
  expect(page.told).toEqual([undetermined, toCall, answer])
})

test('a page that never asks is loaded at the address of the tap', () => {
  const shell = createShell()
  const page = show(shell)
  shell.input({ kind: 'open', opening: { path: '/chats/1' } })
  shell.input({ kind: 'silent' })
  expect(page.loaded).toEqual(['/', '/chats/1'])
  shell.input({ kind: 'silent' })
  shell.input({ kind: 'open', opening: { path: '/chats/2' } })
  expect(page.loaded).toEqual(['/', '/chats/1', '/chats/2'])
  expect(page.told).toEqual([])
})

test('a page that answered is not called silent later', () => {
  const shell = createShell()
  const page = show(shell)
  shell.input({ kind: 'asked' })
  shell.input({ kind: 'silent' })
  shell.input({ kind: 'open', opening: { path: '/chats/1' } })
  expect(page.loaded).toEqual(['/'])
})

test('a page that was reloaded has to ask again, and then hears everything again', () => {
  const shell = createShell()
  const page = show(shell)
  shell.input({ kind: 'push', permission: 'granted', token })
  shell.input({ kind: 'asked' })
  shell.input({ kind: 'loads' })
  shell.input({ kind: 'open', opening: { path: '/chats/1' } })
  expect(page.told).toEqual([granted, token])
  shell.input({ kind: 'asked' })
  expect(page.told.slice(2)).toEqual([granted, token, { v: 1, type: 'NAVIGATE', path: '/chats/1' }])
})

test('a page whose process was stopped is loaded again', () => {
  const shell = createShell()
  const page = show(shell)
  shell.input({ kind: 'asked' })
  shell.input({ kind: 'mounts' })
  expect(page.loaded).toEqual(['/', '/'])
  expect(page.listens).toEqual([true, false])
})

test('rings are left to the page only while there is one that answers', () => {
  const shell = createShell()
  const page = show(shell)
  shell.input({ kind: 'asked' })
  shell.attach(undefined)
  expect(page.listens).toEqual([true, false])
  const other = show(shell)
  expect(other.loaded).toEqual(['/'])
  expect(other.listens).toEqual([])
  shell.input({ kind: 'asked' })
  expect(other.listens).toEqual([true])
})

test('first the server is asked for, then the permission, then the page comes', () => {
  const facts = {
    isRead: true,
    origin: undefined,
    permission: 'undetermined',
    isPrimed: false,
  } as const
  const origin = 'https://chat.example'
  expect(screenOf({ ...facts, isRead: false })).toBe('starting')
  expect(screenOf(facts)).toBe('address')
  expect(screenOf({ ...facts, origin })).toBe('primer')
  expect(screenOf({ ...facts, origin, isPrimed: true })).toBe('page')
  expect(screenOf({ ...facts, origin, permission: 'granted' })).toBe('page')
  expect(screenOf({ ...facts, origin, permission: 'denied' })).toBe('page')
})
