import type { Problem, PushSubscription, RegisterExpoTokenBody } from '@belfry/contracts'
import { expect, test } from 'vitest'
import { bob } from '../../../test/message-of.ts'
import { phoneRow, phoneToken } from '../../../test/phone-token.ts'
import type { Reply } from '../request.ts'
import { createSessionStore } from '../session.ts'
import { memoryStorage } from '../storage.ts'
import { PhoneRegistration } from './phone-registration.ts'

const bobs = { token: 'bobs-session', user: bob }
const anas = { token: 'anas-session', user: { ...bob, id: 'ana', username: 'ana' } }
const saved = { ok: true, value: phoneRow() } as const

function refusal(status: number, code = 'REFUSED'): Reply<PushSubscription> {
  const problem: Problem = { type: 'about:blank', title: 'Refused', status, code }
  return { ok: false, problem }
}

/** A server that answers when it is told to. */
function open(storage = memoryStorage()) {
  const session = createSessionStore(storage)
  const told: RegisterExpoTokenBody[] = []
  const answers: Array<(reply: Reply<PushSubscription>) => void> = []
  const registration = new PhoneRegistration({
    session,
    storage,
    onChange: () => undefined,
    register(body) {
      told.push(body)
      return new Promise((resolve) => answers.push(resolve))
    },
  })
  async function answer(reply: Reply<PushSubscription>): Promise<void> {
    answers.shift()?.(reply)
    // What follows an answer follows within the same turn of the loop.
    await new Promise((done) => setTimeout(done))
  }
  return { registration, session, told, answer }
}

test('a token that comes before anybody has signed in is kept, and told at sign-in', async () => {
  const { registration, session, told, answer } = open()
  registration.take(phoneToken())
  expect(told).toEqual([])
  session.set(bobs)
  expect(told).toEqual([
    {
      token: 'ExponentPushToken[abc]',
      platform: 'android',
      deviceId: 'install-1',
      projectId: 'project-1',
      deviceName: 'Pixel 9',
      appVersion: '1.0.0',
    },
  ])
  await answer(saved)
  expect(registration.state()).toEqual({ kind: 'saved', id: 'row-1' })
})

test('the same token heard twice at once is told once, and again the next time it is named', async () => {
  const { registration, session, told, answer } = open()
  session.set(bobs)
  registration.take(phoneToken())
  registration.take(phoneToken())
  await answer(saved)
  expect(told).toHaveLength(1)
  registration.take(phoneToken())
  expect(told).toHaveLength(2)
})

test('a token that changes while the server is told of the old one follows it', async () => {
  const { registration, session, told, answer } = open()
  session.set(bobs)
  registration.take(phoneToken())
  registration.take(phoneToken({ token: 'ExponentPushToken[new]' }))
  expect(told).toHaveLength(1)
  await answer(saved)
  expect(told.map(({ token }) => token)).toEqual([
    'ExponentPushToken[abc]',
    'ExponentPushToken[new]',
  ])
  expect(registration.state()).toMatchObject({ kind: 'under_way' })
})

test('an answer for somebody who has left meanwhile is not taken for the one who came', async () => {
  const { registration, session, told, answer } = open()
  session.set(bobs)
  registration.take(phoneToken())
  session.set(anas)
  await answer(saved)
  expect(told).toHaveLength(2)
  await answer({ ok: true, value: phoneRow({ id: 'row-2' }) })
  expect(registration.state()).toEqual({ kind: 'saved', id: 'row-2' })
})

test('an Android that cannot draw rings names no platform, an iPhone always does', () => {
  const android = open()
  android.session.set(bobs)
  android.registration.take(phoneToken({ drawsRings: false }))
  expect(android.told[0]).not.toHaveProperty('platform')
  const iphone = open()
  iphone.session.set(bobs)
  iphone.registration.take(phoneToken({ platform: 'ios', drawsRings: false }))
  expect(iphone.told[0]).toMatchObject({ platform: 'ios' })
})

test('the phone’s own name is told once, and again when its row was removed elsewhere', async () => {
  const { registration, session, told, answer } = open()
  session.set(bobs)
  registration.take(phoneToken())
  await answer(saved)
  registration.take(phoneToken())
  expect(told[1]).not.toHaveProperty('deviceName')
  await answer({ ok: true, value: phoneRow({ id: 'row-2' }) })
  expect(told[2]).toMatchObject({ deviceName: 'Pixel 9' })
})

test('what failed is tried again when the app is in front, and only then', async () => {
  const { registration, session, told, answer } = open()
  session.set(bobs)
  registration.take(phoneToken())
  await answer(refusal(0, 'UNREACHABLE'))
  expect(registration.state()).toMatchObject({ kind: 'failed', problem: { status: 0 } })
  registration.retry()
  expect(told).toHaveLength(2)
  await answer(saved)
  registration.retry()
  expect(told).toHaveLength(2)
})

test('a phone that was saved stays so while the server cannot be reached, not when it refuses', async () => {
  const storage = memoryStorage()
  const first = open(storage)
  first.session.set(bobs)
  first.registration.take(phoneToken())
  await first.answer(saved)

  const { registration, told, answer } = open(storage)
  expect(registration.deviceId()).toBe('install-1')
  registration.take(phoneToken())
  expect(registration.state()).toEqual({ kind: 'under_way', id: 'row-1' })
  await answer(refusal(503))
  expect(registration.state()).toEqual({ kind: 'saved', id: 'row-1' })
  registration.retry()
  expect(told).toHaveLength(2)
  await answer(refusal(409, 'TOKEN_TAKEN'))
  expect(registration.state()).toMatchObject({ kind: 'failed', problem: { code: 'TOKEN_TAKEN' } })
})

test('while a person signs out the server is told nothing, whatever the shell says', async () => {
  const { registration, session, told, answer } = open()
  session.set(bobs)
  registration.take(phoneToken())
  let isHeld = false
  const holding = registration.hold().then(() => {
    isHeld = true
  })
  registration.take(phoneToken({ token: 'ExponentPushToken[new]' }))
  expect(isHeld).toBe(false)
  await answer(saved)
  await holding
  expect(told).toHaveLength(1)
  registration.take(phoneToken())
  registration.retry()
  expect(told).toHaveLength(1)

  session.clear('left')
  registration.take(phoneToken())
  expect(told).toHaveLength(1)
  session.set(anas)
  expect(told).toHaveLength(2)
  expect(told[1]).toMatchObject({ deviceName: 'Pixel 9' })
})

test('who turned the phone off stays off, also after a restart; others are not', async () => {
  const storage = memoryStorage()
  const first = open(storage)
  first.session.set(bobs)
  first.registration.take(phoneToken())
  await first.answer(saved)
  first.registration.setOff(true)
  first.registration.take(phoneToken())
  expect(first.told).toHaveLength(1)

  const { registration, session, told } = open(storage)
  registration.take(phoneToken())
  expect([registration.isOff(), told.length]).toEqual([true, 0])
  session.set(anas)
  expect([registration.isOff(), told.length]).toEqual([false, 1])
})
