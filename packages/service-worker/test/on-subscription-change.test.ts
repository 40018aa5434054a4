import { expect, test } from 'vitest'
import { finishRenewal, onSubscriptionChange } from '../src/on-subscription-change.ts'
import {
  offRecord,
  readRegistration,
  writeRegistration,
  type RegistrationRecord,
} from '../src/record.ts'
import {
  answerWith,
  fakeWindow,
  fakeWorker,
  subscription,
  type FakeOptions,
} from './fake-worker.ts'

const record: RegistrationRecord = {
  isOn: true,
  endpoint: 'https://push.example/old',
  applicationServerKey: 'KEY',
  id: 'row',
  renewToken: 'token-1',
  isRenewalPending: false,
}
const renewed = () => answerWith(200, { id: 'row', renewToken: 'token-2' })
const oldKey = new Uint8Array([4, 1, 2]).buffer

async function worker(options: FakeOptions, kept: RegistrationRecord | null = record) {
  const fake = fakeWorker(options)
  if (kept) await writeRegistration(fake.environment.store, kept)
  return fake
}

test('Firefox drops a subscription: a new one with the same key takes its place on the server', async () => {
  const keys: unknown[] = []
  const { environment, requests } = await worker({
    answer: renewed,
    async subscribe(key) {
      keys.push(key)
      return subscription('https://push.example/new')
    },
  })
  const oldSubscription = {
    endpoint: 'https://push.example/old',
    options: { applicationServerKey: oldKey },
  }
  await onSubscriptionChange({ oldSubscription, newSubscription: null }, environment)
  expect(keys).toEqual([oldKey])
  expect(requests).toEqual([
    {
      path: '/api/push-subscriptions/renew',
      body: {
        oldEndpoint: 'https://push.example/old',
        renewToken: 'token-1',
        subscription: { endpoint: 'https://push.example/new', keys: { p256dh: 'p', auth: 'a' } },
        applicationServerKey: 'KEY',
      },
    },
  ])
  expect(await readRegistration(environment.store)).toEqual({
    ...record,
    endpoint: 'https://push.example/new',
    renewToken: 'token-2',
  })
})

test('Chromium names neither old nor new: the last endpoint and key are remembered', async () => {
  const keys: unknown[] = []
  const { environment, requests } = await worker({
    answer: renewed,
    async subscribe(key) {
      keys.push(key)
      return subscription('https://push.example/new')
    },
  })
  await onSubscriptionChange({ oldSubscription: null, newSubscription: null }, environment)
  expect(keys).toEqual(['KEY'])
  expect(requests).toMatchObject([{ body: { oldEndpoint: 'https://push.example/old' } }])
})

test('a new subscription that the browser brings along is taken as it is', async () => {
  const { environment, requests } = await worker({
    answer: renewed,
    subscribe: () => Promise.reject(new Error('must not subscribe')),
  })
  await onSubscriptionChange(
    { newSubscription: subscription('https://push.example/n') },
    environment,
  )
  expect(requests).toMatchObject([
    { body: { subscription: { endpoint: 'https://push.example/n' } } },
  ])
})

test('a browser that lost its storage subscribes with the server’s key and leaves the rest to a page', async () => {
  const keys: unknown[] = []
  const { environment, requests } = await worker(
    {
      answer: () => answerWith(200, { vapidPublicKey: 'CURRENT' }),
      async subscribe(key) {
        keys.push(key)
        return subscription('https://push.example/new')
      },
    },
    null,
  )
  await onSubscriptionChange({}, environment)
  expect(keys).toEqual(['CURRENT'])
  expect(requests.map(({ path }) => path)).toEqual(['/api/push/config'])
})

test('after a sign-out nothing is subscribed again', async () => {
  const { environment, requests } = await worker({}, offRecord)
  await onSubscriptionChange({}, environment)
  await finishRenewal(environment)
  expect(requests).toEqual([])
  expect(await readRegistration(environment.store)).toEqual(offRecord)
})

test('a renewal that fails stays pending, and is done when the worker wakes next', async () => {
  let isOnline = false
  const { environment, requests } = await worker({
    answer: () => (isOnline ? renewed() : new TypeError('Failed to fetch')),
  })
  await onSubscriptionChange({}, environment)
  expect(await readRegistration(environment.store)).toEqual({ ...record, isRenewalPending: true })
  isOnline = true
  await finishRenewal(environment)
  expect(await readRegistration(environment.store)).toMatchObject({
    endpoint: 'https://push.example/new',
    renewToken: 'token-2',
    isRenewalPending: false,
  })
  await finishRenewal(environment)
  expect(requests).toHaveLength(2)
})

test('a renewal that the server refuses, or that never subscribes, stays pending for the page', async () => {
  const refused = await worker({ answer: () => answerWith(401, { code: 'unauthorized' }) })
  await onSubscriptionChange({}, refused.environment)
  const hanging = await worker({ subscribe: () => new Promise(() => {}), elapsedMs: [15_000] })
  await onSubscriptionChange({}, hanging.environment)
  for (const { environment } of [refused, hanging]) {
    expect(await readRegistration(environment.store)).toEqual({ ...record, isRenewalPending: true })
  }
})

test('open pages hear that the subscription changed', async () => {
  const page = fakeWindow({ isVisible: false })
  const { environment } = await worker({ answer: renewed, windows: [page] })
  await onSubscriptionChange({}, environment)
  expect(page.messages).toEqual([{ type: 'subscription_changed' }])
})
