import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { install, type WorkerScope } from '../src/install.ts'
import { chatPush, fakeWindow, fakeWorker, nowSeconds, pushOf, ringPush } from './fake-worker.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'Date'], now: nowSeconds * 1000 })
})
afterEach(() => {
  vi.useRealTimers()
})

type Listener = (event: Record<string, unknown>) => void

/** A worker's global scope whose database is broken: the handlers must work without one. */
function fakeScope(userAgent: string, windows = [fakeWindow({ takes: () => true })]) {
  const worker = fakeWorker({ windows })
  const listeners = new Map<string, (event: never) => void>()
  const done: string[] = []
  const scope: WorkerScope = {
    registration: worker.environment.registration,
    clients: {
      ...worker.environment.clients,
      claim: async () => {
        done.push('claim')
      },
    },
    indexedDB: {
      cmp: () => 0,
      databases: async () => [],
      deleteDatabase: () => {
        throw new DOMException('no', 'SecurityError')
      },
      open: () => {
        throw new DOMException('no', 'SecurityError')
      },
    },
    navigator: { userAgent },
    fetch: (url, init) => worker.environment.fetch(url, init),
    skipWaiting: async () => {
      done.push('skipWaiting')
    },
    addEventListener: (type: string, listener: (event: never) => void) => {
      listeners.set(type, listener)
    },
  }
  async function fire(type: string, event: Record<string, unknown> = {}) {
    const work: unknown[] = []
    const listener = listeners.get(type)
    if (!listener) throw new Error(`nobody listens to ${type}`)
    const call: Listener = (given) => Reflect.apply(listener, undefined, [given])
    call({ ...event, waitUntil: (promise: unknown) => work.push(promise) })
    await Promise.all(work)
  }
  return { ...worker, scope, fire, done, listeners }
}

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0'
const chrome =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36'
const safari =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15'
const chromeOnIphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/156.0 Mobile/15E148 Safari/604.1'

test('a worker takes over at once, and its pages too', async () => {
  const { scope, fire, done } = fakeScope(firefox)
  install(scope)
  await fire('install')
  await fire('activate')
  expect(done).toEqual(['skipWaiting', 'claim'])
})

test.each([
  [firefox, 'left to the page'],
  [chrome, 'left to the page'],
  [safari, 'shown'],
  [chromeOnIphone, 'shown'],
])('%s: a ring in front of a willing page is %s', async (userAgent, outcome) => {
  const { scope, fire, shown } = fakeScope(userAgent)
  install(scope)
  await fire('push', ringPush())
  expect(shown).toHaveLength(outcome === 'shown' ? 1 : 0)
})

test('push, click, close and change all work where the database may not be opened', async () => {
  const { scope, fire, shown, standing, opened, requests } = fakeScope(firefox, [])
  install(scope)
  await fire('push', chatPush())
  const [notification] = standing
  await fire('notificationclose', { notification, action: '' })
  await fire('notificationclick', { notification, action: '' })
  await fire('pushsubscriptionchange', {})
  expect(shown).toHaveLength(1)
  expect(opened).toEqual(['https://app.example/chats/C'])
  expect(requests.map(({ path }) => path)).toEqual([
    '/api/push-receipts',
    '/api/push-receipts',
    '/api/push/config',
  ])
})

test('a host on another origin reaches its API, keeps its own pushes and brings its pictures', async () => {
  const { scope, fire, shown, requests } = fakeScope(firefox, [])
  install(scope, {
    apiBase: 'https://bell.example',
    foreignPushes: 'leave',
    icons: { message: '/m.png' },
  })
  await fire('push', pushOf('{"from":"another product"}'))
  await fire('push', chatPush())
  expect(shown).toMatchObject([{ title: 'Ana', settings: { icon: '/m.png' } }])
  expect(requests.map(({ path }) => path)).toEqual(['https://bell.example/api/push-receipts'])
})
