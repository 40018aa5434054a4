import { readRegistration } from '@belfry/service-worker/record'
import { expect, test } from 'vitest'
import { createBelfry, type EnableProgress } from '../src/index.ts'
import { chrome, fakeBrowser, iphone, json, keyA, type FakeBrowserOptions } from './fake-browser.ts'

function browser(options: FakeBrowserOptions = {}) {
  const fake = fakeBrowser(options)
  const belfry = createBelfry({ environment: fake.environment, getToken: () => 'jwt' })
  return { ...fake, belfry }
}

test('turning notifications on asks, installs, subscribes and saves, and says each step', async () => {
  const { belfry, requests, registered, environment } = browser()
  const progress: EnableProgress[] = []
  const result = await belfry.enable({ onProgress: (step) => progress.push(step) })
  expect(result).toMatchObject({ kind: 'enabled', device: { id: 'row' } })
  expect(progress.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
    'permission started',
    'permission done',
    'worker started',
    'worker done',
    'subscription started',
    'subscription done',
    'saved started',
    'saved done',
  ])
  expect(registered).toEqual(['/sw.js'])
  expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /api/push/config',
    'POST /api/push-subscriptions',
  ])
  expect(requests[1]).toMatchObject({
    token: 'jwt',
    body: {
      endpoint: 'https://push.example/1',
      keys: { p256dh: 'p', auth: 'a' },
      deviceName: 'Firefox, Linux',
      deviceId: 'random-id',
      applicationServerKey: keyA,
    },
  })
  expect(await readRegistration(environment.store)).toEqual({
    isOn: true,
    endpoint: 'https://push.example/1',
    applicationServerKey: keyA,
    id: 'row',
    renewToken: 'token',
    isRenewalPending: false,
  })
  expect(await belfry.capability()).toMatchObject({ state: 'on' })
  expect(await belfry.thisDevice()).toBe('row')
})

test('the prompt is opened inside the click: nothing is awaited before it', () => {
  let isAsked = false
  const { environment } = fakeBrowser()
  const notifications = {
    permission: () => 'default' as const,
    request: async () => {
      isAsked = true
      return 'denied' as const
    },
  }
  const belfry = createBelfry({
    environment: { ...environment, notifications },
    getToken: () => 'jwt',
  })
  const result = belfry.enable()
  expect(isAsked).toBe(true)
  return result
})

test('a person who says no is told how to unblock', async () => {
  const { belfry } = browser({ prompt: { answer: 'denied', takesMs: 3_000 } })
  expect(await belfry.enable()).toMatchObject({
    kind: 'failed',
    step: 'permission',
    code: 'permission_denied',
    sentence: expect.stringContaining('blocked'),
  })
  expect(await belfry.capability()).toMatchObject({ state: 'blocked' })
})

test('a question that is closed can be asked again', async () => {
  const { belfry } = browser({ prompt: { answer: 'default', takesMs: 3_000 } })
  expect(await belfry.enable()).toMatchObject({ code: 'permission_dismissed', step: 'permission' })
  expect(await belfry.capability()).toMatchObject({ state: 'not_asked' })
})

test('a browser that refuses faster than anybody can answer is in a private window', async () => {
  const { belfry } = browser({ prompt: { answer: 'denied', takesMs: 5 } })
  expect(await belfry.enable()).toMatchObject({ code: 'private_window' })
  expect(await belfry.capability()).toMatchObject({ state: 'private_window' })
})

test('an iPhone is asked to install the app before anything else', async () => {
  const { belfry, requests } = browser({ environment: { userAgent: iphone } })
  expect(await belfry.enable()).toMatchObject({ code: 'needs_install', step: 'permission' })
  expect(requests).toEqual([])
})

test('a push service that never answers is given up after 15 s', async () => {
  const { belfry, saved } = browser({
    environment: { userAgent: chrome },
    onSubscribe: () => new Promise(() => {}),
    elapsedMs: [15_000],
  })
  expect(await belfry.enable()).toMatchObject({
    kind: 'failed',
    step: 'subscription',
    code: 'subscribe_timeout',
  })
  expect(saved()).toEqual([])
})

test('a server that never answers is given up after 10 s', async () => {
  const { environment } = fakeBrowser({ elapsedMs: [10_000] })
  const hanging = { ...environment, fetch: () => new Promise<never>(() => {}) }
  const belfry = createBelfry({
    // The worker's limit is as long; its fake is ready at once all the same.
    environment: hanging,
    getToken: () => 'jwt',
  })
  expect(await belfry.sync()).toMatchObject({ kind: 'failed', code: 'server_unreachable' })
})

test.each([
  ['AbortError', false, 'push_service_unreachable'],
  ['AbortError', true, 'push_service_off'],
  ['NotAllowedError', false, 'permission_denied'],
  ['InvalidAccessError', false, 'server_key_invalid'],
  ['UnknownError', false, 'subscribe_failed'],
])('%s when subscribing (Brave: %s) is told as %s', async (name, isBrave, code) => {
  const { belfry } = browser({
    environment: { isBrave },
    onSubscribe: () => Promise.reject(new DOMException('no', name)),
  })
  expect(await belfry.enable()).toMatchObject({ kind: 'failed', step: 'subscription', code })
})

test('a subscription with another key that the browser hides is let go of, and made anew', async () => {
  let isFirst = true
  const { belfry, log } = browser({
    async onSubscribe() {
      if (!isFirst) return
      isFirst = false
      throw new DOMException(
        'A subscription with a different key already exists.',
        'InvalidStateError',
      )
    },
  })
  expect(await belfry.enable()).toMatchObject({ kind: 'enabled' })
  expect(log).toEqual([`subscribe ${keyA}`])
})

test('a worker that cannot be installed is told as such', async () => {
  const { environment } = fakeBrowser()
  if (!environment.workers) throw new Error('the fake has workers')
  const failing = {
    ...environment.workers,
    register: () => Promise.reject(new TypeError('bad MIME type')),
  }
  const belfry = createBelfry({
    environment: { ...environment, workers: failing },
    getToken: () => 'jwt',
  })
  expect(await belfry.enable()).toMatchObject({
    step: 'worker',
    code: 'worker_failed',
    detail: expect.stringContaining('bad MIME type'),
  })
})

test('a server that refuses, is away, or knows no such person is told apart', async () => {
  const refused = browser({
    answer: ({ method }) =>
      method === 'POST'
        ? json(422, { code: 'endpoint_forbidden', detail: 'no such host' })
        : undefined,
  })
  expect(await refused.belfry.enable()).toMatchObject({
    step: 'saved',
    code: 'server_refused',
    status: 422,
    detail: 'endpoint_forbidden: no such host',
  })
  const away = browser({ answer: () => new TypeError('Failed to fetch') })
  expect(await away.belfry.enable()).toMatchObject({
    step: 'subscription',
    code: 'server_unreachable',
  })
  const { environment } = fakeBrowser()
  const signedOut = createBelfry({ environment, getToken: () => null })
  expect(await signedOut.enable()).toMatchObject({ step: 'saved', code: 'signed_out' })
})

test('an endpoint that belongs to another person is let go of, and a new one saved', async () => {
  const { belfry, saved, log } = browser({
    answer: ({ body }) =>
      body?.endpoint === 'https://push.example/1' ? json(409, { code: 'taken' }) : undefined,
  })
  expect(await belfry.enable()).toMatchObject({ kind: 'enabled' })
  expect(log).toContain('unsubscribe https://push.example/1')
  expect(saved().map(({ body }) => body?.endpoint)).toEqual([
    'https://push.example/1',
    'https://push.example/2',
  ])
})
