import { readClockOffset, readRegistration, writeRegistration } from '@belfry/service-worker/record'
import { expect, test } from 'vitest'
import { createBelfry } from '../src/index.ts'
import { fakeBrowser, json, keyA, keyB, type FakeBrowserOptions } from './fake-browser.ts'

/** A browser where notifications are on, with its requests forgotten. */
async function enabled(options: FakeBrowserOptions = {}) {
  const fake = fakeBrowser(options)
  let token: string | null = 'jwt'
  const belfry = createBelfry({ environment: fake.environment, getToken: () => token })
  expect(await belfry.enable()).toMatchObject({ kind: 'enabled' })
  fake.requests.length = 0
  fake.log.length = 0
  return {
    ...fake,
    belfry,
    signOut() {
      token = null
    },
  }
}

test('a start registers the same endpoint again, and all is as it was', async () => {
  const { belfry, saved, log } = await enabled()
  expect(await belfry.sync()).toMatchObject({ kind: 'in_sync', device: { id: 'row' } })
  expect(saved()).toMatchObject([{ method: 'POST', body: { endpoint: 'https://push.example/1' } }])
  expect(log).toEqual([])
})

test('a start compares the clocks, for the worker to know a late ring', async () => {
  const { belfry, environment } = await enabled({ serverTime: '2026-11-21T10:05:00.000Z' })
  await belfry.sync()
  // The fake person took 2 s to answer the prompt.
  expect(await readClockOffset(environment.store)).toBe(298_000)
})

test('a browser that lost its subscription gets one without a prompt', async () => {
  const { belfry, saved, dropSubscription } = await enabled()
  dropSubscription()
  expect(await belfry.capability()).toMatchObject({ state: 'broken' })
  expect(await belfry.sync()).toMatchObject({ kind: 'repaired' })
  expect(saved()).toMatchObject([{ body: { endpoint: 'https://push.example/2' } }])
  expect(await belfry.capability()).toMatchObject({ state: 'on' })
})

test('a new key of the server replaces the subscription without a prompt', async () => {
  let serverKey = keyA
  const { belfry, saved, log } = await enabled({ serverKey: () => serverKey })
  serverKey = keyB
  expect(await belfry.sync()).toMatchObject({ kind: 'repaired' })
  expect(log).toEqual(['unsubscribe https://push.example/1', `subscribe ${keyB}`])
  expect(saved()).toMatchObject([{ body: { applicationServerKey: keyB } }])
})

test('when the new key cannot be subscribed, the old one is, so that nobody is lost', async () => {
  let serverKey = keyA
  const { belfry, saved } = await enabled({
    serverKey: () => serverKey,
    async onSubscribe(key) {
      if (key === keyB) throw new DOMException('no', 'AbortError')
    },
  })
  serverKey = keyB
  expect(await belfry.sync()).toMatchObject({ kind: 'repaired' })
  expect(saved()).toMatchObject([{ body: { applicationServerKey: keyA } }])
})

test('a renewal that the worker could not finish is finished', async () => {
  const { belfry, environment } = await enabled()
  const record = await readRegistration(environment.store)
  if (!record) throw new Error('enabled, so recorded')
  await writeRegistration(environment.store, { ...record, isRenewalPending: true })
  expect(await belfry.capability()).toMatchObject({ state: 'broken' })
  expect(await belfry.sync()).toMatchObject({ kind: 'repaired' })
  expect(await readRegistration(environment.store)).toMatchObject({ isRenewalPending: false })
})

test('a start leaves the device the name that its person gave it', async () => {
  const { belfry, saved } = await enabled()
  await belfry.sync()
  expect(saved()).toMatchObject([{ body: { applicationServerKey: keyA } }])
  expect(JSON.stringify(saved())).not.toContain('deviceName')
})

test('where nothing was turned on, a start changes nothing', async () => {
  const { environment, saved, registered } = fakeBrowser({ permission: 'granted' })
  const belfry = createBelfry({ environment, getToken: () => 'jwt' })
  expect(await belfry.sync()).toEqual({ kind: 'off' })
  expect(saved()).toEqual([])
  expect(registered).toEqual([])
})

test('a browser that lost its storage but not its subscription is taken up again', async () => {
  const { belfry, environment, saved } = await enabled()
  await environment.store.change('registration', () => undefined)
  expect(await belfry.sync()).toMatchObject({ kind: 'repaired' })
  expect(saved()).toHaveLength(1)
})

test('a permission that was taken away is told, and nothing is asked', async () => {
  const { belfry, saved, setPermission } = await enabled()
  setPermission('denied')
  expect(await belfry.sync()).toEqual({ kind: 'not_allowed' })
  expect(saved()).toEqual([])
})

test('with nobody signed in only the clock is compared', async () => {
  const { belfry, requests, signOut } = await enabled()
  signOut()
  expect(await belfry.sync()).toEqual({ kind: 'signed_out' })
  expect(requests.map(({ path }) => path)).toEqual(['/api/push/config'])
})

test('a server that is away is tried again at the next start', async () => {
  let isAway = false
  const { belfry } = await enabled({ answer: () => (isAway ? new TypeError('no') : undefined) })
  isAway = true
  expect(await belfry.sync()).toMatchObject({ kind: 'failed', code: 'server_unreachable' })
  isAway = false
  expect(await belfry.sync()).toMatchObject({ kind: 'in_sync' })
})

test('signing out unsubscribes, forgets the row, closes what is shown, and stays off', async () => {
  const { belfry, requests, shown, log, subscription, environment } = await enabled()
  const data = { type: 'incoming_call', sessionId: 'S', id: 'd' }
  const closed: string[] = []
  shown.push({ tag: 'call-S', data, close: () => closed.push('ours') })
  shown.push({ tag: 'x', data: { of: 'another' }, close: () => closed.push('another') })
  await belfry.disable()
  expect(requests.map(({ method, path, token }) => `${method} ${path} ${token}`)).toEqual([
    'DELETE /api/push-subscriptions/row jwt',
  ])
  expect(log).toEqual(['unsubscribe https://push.example/1'])
  expect(subscription()).toBeNull()
  expect(closed).toEqual(['ours'])
  expect(await belfry.capability()).toMatchObject({ state: 'off' })
  expect(await belfry.thisDevice()).toBeNull()
  expect(await belfry.sync()).toEqual({ kind: 'off' })
  expect(await environment.store.read('ended-calls')).toBeUndefined()
})

test('signing out works while the server is away, and does not wait for a hanging one', async () => {
  let answer: 'belfry' | 'away' = 'belfry'
  const away = await enabled({
    answer: () => (answer === 'away' ? new TypeError('no') : undefined),
  })
  answer = 'away'
  await away.belfry.disable()
  expect(away.subscription()).toBeNull()

  const hanging = await enabled({ elapsedMs: [5_000] })
  const { environment } = hanging
  const belfry = createBelfry({
    environment: { ...environment, fetch: () => new Promise(() => {}) },
    getToken: () => 'jwt',
  })
  await belfry.disable()
})

test('a sync that is under way does not undo a sign-out', async () => {
  const { environment, requests, subscription } = await enabled()
  const gate = Promise.withResolvers<void>()
  const belfry = createBelfry({
    environment: {
      ...environment,
      async fetch(url, request) {
        if (request.method === 'POST') await gate.promise
        return environment.fetch(url, request)
      },
    },
    getToken: () => 'jwt',
  })
  const syncing = belfry.sync()
  const disabling = belfry.disable()
  gate.resolve()
  await Promise.all([syncing, disabling])
  expect(requests.map(({ method }) => method)).toEqual(['GET', 'POST', 'DELETE'])
  expect(subscription()).toBeNull()
  expect(await belfry.capability()).toMatchObject({ state: 'off' })
})

test('a test is sent to this device or all, and what the server says is handed on', async () => {
  const { belfry, requests } = await enabled()
  expect(await belfry.test({ kind: 'call', id: 'row' })).toMatchObject({
    kind: 'sent',
    results: [{ id: 'row', outcome: 'accepted' }],
  })
  expect(requests).toMatchObject([
    { path: '/api/push-subscriptions/test', body: { kind: 'call', id: 'row' } },
  ])
})

test('an answer that is not Belfry’s is a failure, not a crash', async () => {
  let isOdd = false
  const { belfry } = await enabled({ answer: () => (isOdd ? json(200, '<html>') : undefined) })
  isOdd = true
  expect(await belfry.sync()).toMatchObject({ kind: 'failed', code: 'server_refused', status: 200 })
  expect(await belfry.test({ kind: 'message' })).toMatchObject({ kind: 'failed' })
})
