import type { PushSubscription } from '@belfry/contracts'
import { afterEach, expect, test, vi } from 'vitest'
import { handClock } from '../../../test/hand-clock.ts'
import { bob } from '../../../test/message-of.ts'
import { phoneRow, phoneToken } from '../../../test/phone-token.ts'
import type { Reply } from '../request.ts'
import { createSessionStore } from '../session.ts'
import { memoryStorage } from '../storage.ts'
import { phoneDevice } from './phone-device.ts'
import { Phone } from './phone.ts'

let close: () => void = () => undefined
afterEach(() => close())

const unreachable = {
  ok: false,
  problem: { type: 'about:blank', title: 'No answer', status: 0, code: 'UNREACHABLE' },
} as const

interface Setting {
  readonly register?: () => Promise<Reply<PushSubscription>>
  readonly logout?: () => Promise<Reply<null>>
}

/** Bob's phone; `log` holds what it asks of the server and of the shell, in order. */
function open({ register, logout }: Setting = {}) {
  const clock = handClock()
  const session = createSessionStore(memoryStorage())
  session.set({ token: 'bobs-session', user: bob })
  const log: string[] = []
  const paths: string[] = []
  const phone = new Phone({
    page: window,
    post(text) {
      const { v: _v, type, ...rest }: Record<string, unknown> = JSON.parse(text)
      if (type !== 'SHELL_READY?') log.push([type, ...Object.values(rest)].join(' '))
    },
    session,
    storage: memoryStorage(),
    clock,
    ownDeviceId: async () => 'web-view-1',
    api: {
      async registerPhone({ token }) {
        log.push(`register ${token}`)
        return register?.() ?? { ok: true, value: phoneRow() }
      },
      async forgetPhone(deviceId) {
        log.push(`forget ${deviceId}`)
        return { ok: true, value: null }
      },
      async logout({ deviceId }) {
        log.push(`logout ${deviceId}`)
        return logout?.() ?? { ok: true, value: null }
      },
    },
  })
  phone.start((path) => paths.push(path))
  close = () => phone.close()
  return { phone, clock, session, log, paths }
}

function shellSays(detail: object): void {
  window.dispatchEvent(new CustomEvent('shell', { detail: { v: 1, ...detail } }))
}

function permission(state: string, trouble?: string): void {
  shellSays({ type: 'PERMISSION', state, ...(trouble && { trouble }) })
}

function token(change: Parameters<typeof phoneToken>[0] = {}): void {
  shellSays({ type: 'EXPO_PUSH_TOKEN', ...phoneToken(change) })
}

test('each thing that the shell and the server say is one state', async () => {
  const { phone } = open()
  permission('undetermined')
  expect(await phone.capability()).toBe('not_asked')
  permission('denied')
  expect(await phone.capability()).toBe('blocked')
  permission('granted', 'no_project')
  expect(await phone.capability()).toBe('broken')
  token()
  expect(await phone.capability()).toBe('on')
  expect(phone.rowId()).toBe('row-1')
  // Offline, Expo cannot be asked: the token that we have is still good.
  permission('granted', 'no_token')
  expect(await phone.capability()).toBe('on')
  permission('denied')
  expect(await phone.capability()).toBe('blocked')
})

test('nothing is claimed before the shell has answered, and a silent one cannot ring', async () => {
  const { phone, clock } = open()
  const heard = vi.fn()
  const asked = phone.capability().then(heard)
  await Promise.resolve()
  expect(heard).not.toHaveBeenCalled()
  clock.advance(5000)
  await asked
  expect(heard).toHaveBeenCalledWith('unsupported')
})

test('the page is known to the server by the id of this installation, or by its own without one', async () => {
  const named = open()
  const asked = named.phone.deviceId()
  permission('granted')
  token()
  expect(await asked).toBe('install-1')
  named.phone.close()

  const { phone } = open()
  const nameless = phone.deviceId()
  permission('denied')
  expect(await nameless).toBe('web-view-1')
})

test('an id that is not named is not waited for longer than two seconds', async () => {
  const { phone, clock } = open()
  const asked = phone.deviceId()
  permission('granted')
  clock.advance(2000)
  expect(await asked).toBe('web-view-1')
})

test('signing out: the server first, then the shell', async () => {
  const { phone, log } = open()
  token()
  await phone.signOut(3000)
  expect(log).toEqual(['register ExponentPushToken[abc]', 'logout install-1', 'SIGN_OUT'])
})

test('signing out waits for a registration that is under way, so that nothing undoes it', async () => {
  const registered = Promise.withResolvers<Reply<PushSubscription>>()
  const { phone, log } = open({ register: () => registered.promise })
  token()
  const leaving = phone.signOut(3000)
  token({ token: 'ExponentPushToken[new]' })
  await new Promise((done) => setTimeout(done))
  expect(log).toEqual(['register ExponentPushToken[abc]'])
  registered.resolve({ ok: true, value: phoneRow() })
  await leaving
  expect(log.slice(1)).toEqual(['logout install-1', 'SIGN_OUT'])
})

test('a server that does not answer keeps nobody from signing out', async () => {
  const silent = new Promise<never>(() => undefined)
  const { phone, clock, log } = open({ register: () => silent, logout: () => silent })
  token()
  const leaving = phone.signOut(3000)
  // The id is known at once; the three seconds begin with it.
  await new Promise((done) => setTimeout(done))
  expect(log).not.toContain('SIGN_OUT')
  clock.advance(3000)
  await leaving
  expect(log.slice(1)).toEqual(['logout install-1', 'SIGN_OUT'])
})

test('leaving the server has it forget this phone, and the shell asks for another', async () => {
  const { phone, log } = open()
  token()
  await phone.changeServer(3000)
  expect(log.slice(1)).toEqual(['forget install-1', 'CHANGE_SERVER'])
})

test('a registration that failed is tried again when the device is online', async () => {
  let reply: Reply<PushSubscription> = unreachable
  const { phone, log } = open({ register: async () => reply })
  token()
  expect(await phone.capability()).toBe('broken')
  reply = { ok: true, value: phoneRow() }
  window.dispatchEvent(new Event('online'))
  expect(await phone.capability()).toBe('on')
  document.dispatchEvent(new Event('visibilitychange'))
  expect(log).toHaveLength(2)
})

test('a tap goes where it leads, and nowhere else', () => {
  const { paths } = open()
  shellSays({ type: 'NAVIGATE', path: '/chats/1' })
  shellSays({ type: 'NAVIGATE', path: '//evil.example' })
  expect(paths).toEqual(['/chats/1'])
})

test('an answer that nobody hears yet waits for whoever asks, once, and not for ever', async () => {
  const { phone, clock } = open()
  const answer = { type: 'CALL_ACTION', id: 'S', action: 'answer' }
  shellSays(answer)
  expect(phone.takeChoice()).toEqual({ sessionId: 'S', callerUid: '', action: 'answer' })
  expect(phone.takeChoice()).toBeNull()
  shellSays(answer)
  clock.advance(120_001)
  expect(phone.takeChoice()).toBeNull()

  const heard = vi.fn(() => true)
  const stop = phone.onChoice(heard)
  shellSays(answer)
  expect(heard).toHaveBeenCalledWith({
    type: 'incoming_call_click',
    sessionId: 'S',
    callerUid: '',
    action: 'answer',
  })
  await Promise.resolve()
  expect(phone.takeChoice()).toBeNull()
  stop()
})

function deviceOf(phone: Phone) {
  const browser = { name: 'Chrome', os: 'Android', mobile: true, label: 'Chrome, Android' }
  return phoneDevice(phone, {
    browser,
    api: { testNotification: async () => ({ ok: true, value: { results: [] } }) },
  })
}

test('enabling asks the phone where it has to, and else tells the server', async () => {
  const { phone, log } = open()
  const device = deviceOf(phone)
  permission('undetermined')
  expect(await device.enable()).toMatchObject({ kind: 'failed', code: 'permission_denied' })
  expect(log).toEqual(['OPEN_SETTINGS'])
  permission('granted')
  token()
  expect(await device.enable()).toMatchObject({ kind: 'enabled', device: { id: 'row-1' } })
})

test('turned off, the phone is forgotten and stays so until it is turned on', async () => {
  const { phone, log } = open()
  const device = deviceOf(phone)
  token()
  await device.disable()
  token()
  expect(await device.capability()).toMatchObject({ state: 'off' })
  expect(await device.sync()).toEqual({ kind: 'off' })
  expect(log.slice(1)).toEqual(['forget install-1'])
  await device.enable()
  expect(await device.thisDevice()).toBe('row-1')
})
