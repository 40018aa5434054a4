import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createLimits } from '../../src/api/limits.ts'
import { newEndpoint, subscriptionAt } from '../support/browser-keys.ts'
import { testClock } from '../support/test-clock.ts'
import { refusal, startTestServer, testPassword, type TestServer } from '../support/test-server.ts'

// Passwords are slow by design, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000 })

const clock = testClock()
let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ now: clock.now })
})
afterAll(() => server.close())

const signIn = (username: string, password: string) =>
  server.ask({ method: 'POST', path: '/api/auth/login', body: { username, password } })

test('after ten failed sign-ins a minute the right password waits too, for that name alone', async () => {
  await server.person('target')
  await server.person('bystander')
  for (let right = 0; right < 3; right += 1) await signIn('target', testPassword)
  const failed = await Promise.all(
    Array.from({ length: 12 }, () => signIn('TARGET', 'wrong horse')),
  )
  expect(failed.filter((answer) => answer.status === 401)).toHaveLength(10)
  expect(failed.filter((answer) => answer.status === 429)).toHaveLength(2)

  const waiting = await signIn('target', testPassword)
  expect(refusal(waiting)).toEqual([429, 'RATE_LIMITED'])
  expect(waiting.headers.get('retry-after')).toBe('60')
  expect((await signIn('bystander', testPassword)).status).toBe(200)
  clock.advance(60_000)
  expect((await signIn('target', testPassword)).status).toBe(200)
})

test('sixty people a minute sign up from one address', async () => {
  clock.advance(60_000)
  const signUp = () =>
    server.ask({
      method: 'POST',
      path: '/api/auth/register',
      body: { username: 'target', password: testPassword },
    })
  const answers = await Promise.all(Array.from({ length: 60 }, signUp))
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([409]))
  const refused = await signUp()
  expect(refusal(refused)).toEqual([429, 'RATE_LIMITED'])
  expect(refused.headers.get('retry-after')).toBe('60')
  clock.advance(60_000)
  expect((await signUp()).status).toBe(409)
})

test('a person registers three hundred subscriptions a minute, phones among them, and another person is not in the way', async () => {
  const ana = await server.person('busy')
  const bob = await server.person('calm')
  const subscription = subscriptionAt(newEndpoint())
  const register = () => ana.ask('POST', '/api/push-subscriptions', subscription)
  for (let done = 0; done < 300; done += 1) {
    const { status } = await register()
    if (status >= 300) expect.fail(`registration ${done + 1} was answered ${status}`)
  }
  const refused = await register()
  expect(refusal(refused)).toEqual([429, 'RATE_LIMITED'])
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  const token = 'ExponentPushToken[one-too-many]'
  const phone = await ana.ask('POST', '/api/push-subscriptions/expo', { token })
  expect(refusal(phone)).toEqual([429, 'RATE_LIMITED'])
  const others = await bob.ask('POST', '/api/push-subscriptions', subscriptionAt(newEndpoint()))
  expect(others.status).toBe(201)
})

test('messages come at 200 a second, and 3,000 at once', () => {
  const { messages } = createLimits(clock.now)
  for (let sent = 0; sent < 3000; sent += 1) messages.take('ana')
  expect(() => messages.take('ana')).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }))
  messages.take('bob')
  clock.advance(1000)
  for (let sent = 0; sent < 200; sent += 1) messages.take('ana')
  expect(() => messages.take('ana')).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }))
})

test('a clock that is set back locks nobody out', () => {
  const back = testClock()
  const { messages, failedSignIns } = createLimits(back.now)
  for (let each = 0; each < 10; each += 1) failedSignIns.take('ana')
  messages.take('ana')
  back.advance(-2 * 3600 * 1000)
  failedSignIns.check('ana')
  messages.take('ana')
})
