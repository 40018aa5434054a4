import Fastify from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLog } from '../observability/log.ts'
import { answerInTime } from './answer-in-time.ts'
import { onError } from './on-error.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A server on which every request hangs; `begun` resolves once it does. */
function hangingServer() {
  const begun = Promise.withResolvers<void>()
  const app = Fastify({
    loggerInstance: createLog({ level: 'silent', format: 'json' }),
  }).withTypeProvider<ZodTypeProvider>()
  app.setErrorHandler(onError)
  answerInTime(app)
  const hang = () => {
    begun.resolve()
    return new Promise<never>(() => {})
  }
  app.get('/api/slow', hang)
  app.post('/api/push-subscriptions/test', hang)
  return { app, begun: begun.promise }
}

test('a request that hangs is answered within five seconds, with when to ask again', async () => {
  const { app, begun } = hangingServer()
  const answering = app.inject('/api/slow')
  await begun
  vi.advanceTimersByTime(4999)
  const answer = await answering
  expect(answer.statusCode).toBe(503)
  expect(answer.headers['retry-after']).toBe('2')
  expect(answer.headers['content-type']).toContain('application/problem+json')
  expect(answer.json()).toMatchObject({ code: 'TOO_SLOW', type: '/docs/errors#too_slow' })
  await app.close()
})

test('a test notification has the time that push services may take', async () => {
  const { app, begun } = hangingServer()
  let answered = false
  const answering = app.inject({ method: 'POST', url: '/api/push-subscriptions/test' })
  void answering.then(() => {
    answered = true
  })
  await begun
  vi.advanceTimersByTime(14_000)
  await new Promise((resolve) => setImmediate(resolve))
  expect(answered).toBe(false)
  vi.advanceTimersByTime(1000)
  expect((await answering).json()).toMatchObject({ code: 'TOO_SLOW' })
  await app.close()
})
