import { QueryClient } from '@tanstack/react-query'
import { expect, test, vi } from 'vitest'

import { createApp } from '../src/model/app.ts'
import { createSessionStore } from '../src/model/session.ts'
import { memoryStorage, openStorage } from '../src/model/storage.ts'
import { handClock } from './hand-clock.ts'
import { bob } from './message-of.ts'
import { silentBelfry } from './silent-belfry.ts'

const bobs = { token: 'bobs-token', user: bob }

test('who signed in is still signed in after a restart', () => {
  const storage = memoryStorage()
  createSessionStore(storage).set(bobs)
  expect(createSessionStore(storage).get()).toEqual(bobs)
})

test('signing out in one tab signs out the others', () => {
  const storage = memoryStorage()
  const one = createSessionStore(storage)
  one.set(bobs)
  const other = createSessionStore(storage)
  const heard = vi.fn()
  other.subscribe(heard)

  one.clear('left')
  other.refresh()
  expect(other.get()).toBeNull()
  expect(heard).toHaveBeenCalledOnce()
})

test('who signed out is not led back to where they were, whose session was lost is', () => {
  const session = createSessionStore(memoryStorage())
  session.set(bobs)
  session.clear('left')
  session.clear('lost')
  expect(session.wasLeft()).toBe(true)
  session.set(bobs)
  session.clear('lost')
  expect(session.wasLeft()).toBe(false)
})

test('a session that is not one is no session', () => {
  const storage = memoryStorage()
  storage.setItem('belfry.session', '{"token":7}')
  expect(createSessionStore(storage).get()).toBeNull()
  storage.setItem('belfry.session', 'not json')
  expect(createSessionStore(storage).get()).toBeNull()
})

test('a browser that forbids storage still lets people sign in', () => {
  const storage = openStorage(() => {
    throw new Error('SecurityError')
  })
  const session = createSessionStore(storage)
  session.set(bobs)
  expect(session.get()).toEqual(bobs)
})

function appOf(answer: () => Promise<Response>) {
  const requests: { url: string; init: RequestInit }[] = []
  const app = createApp({
    storage: memoryStorage(),
    queries: new QueryClient(),
    clock: handClock(),
    openBelfry: silentBelfry,
    fetch(url, init) {
      requests.push({ url, init })
      return answer()
    },
  })
  return { app, requests }
}

test('a token that the server no longer knows signs out, and what was fetched is forgotten', async () => {
  const { app } = appOf(async () => Response.json({ code: 'UNAUTHORIZED' }, { status: 401 }))
  app.session.set(bobs)
  app.queries.setQueryData(['conversations'], { conversations: [] })
  const reply = await app.api.me()
  expect(reply).toMatchObject({ ok: false, problem: { status: 401 } })
  expect(app.session.get()).toBeNull()
  expect(app.queries.getQueryData(['conversations'])).toBeUndefined()
})

test('the late refusal of an older token does not sign out who signed in since', async () => {
  const late = Promise.withResolvers<Response>()
  const { app } = appOf(() => late.promise)
  app.session.set(bobs)
  const asked = app.api.me()
  app.session.set({ ...bobs, token: 'newer' })
  late.resolve(Response.json({}, { status: 401 }))
  await asked
  expect(app.session.get()?.token).toBe('newer')
})

test('no network is an answer, not an exception', async () => {
  const { app } = appOf(() => Promise.reject(new TypeError('Failed to fetch')))
  const reply = await app.api.conversations()
  expect(reply).toMatchObject({ ok: false, problem: { status: 0, code: 'UNREACHABLE' } })
})

test('an id with a slash stays within its part of the address', async () => {
  const { app, requests } = appOf(async () => Response.json({ messages: [] }))
  app.session.set(bobs)
  await app.api.messages({ conversationId: 'a/b?c', before: 'm&1' })
  expect(requests[0]?.url).toBe('/api/conversations/a%2Fb%3Fc/messages?before=m%261&limit=50')
  expect(new Headers(requests[0]?.init.headers).get('authorization')).toBe('Bearer bobs-token')
})
