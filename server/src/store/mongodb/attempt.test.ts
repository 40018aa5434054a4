import { MongoNetworkError, MongoServerError } from 'mongodb'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createAttempt, type Turn } from './attempt.ts'

const conflict = new MongoServerError({ code: 112, message: 'WriteConflict' })
const cut = new MongoNetworkError('socket closed')
const denied = new MongoServerError({ code: 13, message: 'not authorized' })

function setUp(limits: { patienceMs?: number; mostTries?: number } = {}) {
  let tokens = 0
  const newToken = () => `t${(tokens += 1)}`
  return createAttempt({ newToken, random: () => 0, patienceMs: 10_000, ...limits })
}

/** Fails with each of these, one try after the other, and then answers with the turn that it was given. */
function failing(...failures: readonly Error[]) {
  const left = [...failures]
  return async (turn: Turn) => {
    const next = left.shift()
    if (next !== undefined) throw next
    return turn
  }
}

test('a conflict is tried again under the same token, and nothing of it was written', async () => {
  const attempt = setUp()
  const turn = await attempt('store it', failing(conflict, conflict))
  expect(turn).toEqual({ token: 't1', unsure: false })
})

test('after a lost connection every later try knows that an earlier one may have been written', async () => {
  const attempt = setUp()
  expect(await attempt('store it', failing(cut, conflict))).toEqual({ token: 't1', unsure: true })
  expect(await attempt('store it', failing())).toEqual({ token: 't2', unsure: false })
})

test('what the server refuses is not tried again, and the caller learns what and why', async () => {
  const refused = setUp()('store a person', failing(denied))
  await expect(refused).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringContaining('store a person'),
    cause: denied,
  })
})

test('a socket error that the driver passes on as it is counts as a lost connection', async () => {
  const pipe = Object.assign(new Error('write'), { code: 'EPIPE' })
  expect(await setUp()('store it', failing(pipe))).toEqual({ token: 't1', unsure: true })
})

test('a mistake of ours passes through as it is', async () => {
  const mistake = new TypeError('x is not a function')
  await expect(setUp()('store it', failing(mistake))).rejects.toBe(mistake)
})

test('what never stops failing is given up in time, with the last failure as its cause', async () => {
  const attempt = setUp({ patienceMs: 30 })
  const endless = attempt('store it', async () => {
    throw cut
  })
  await expect(endless).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', cause: cut })
})

test('what never answers is given up in time', async () => {
  const silent = setUp({ patienceMs: 30 })('store it', () => new Promise<never>(() => {}))
  await expect(silent).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    cause: { message: 'MongoDB did not answer within 30 ms.' },
  })
})

test('a try that fails after that is the last', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const hangs = Promise.withResolvers<never>()
  let tries = 0
  const silent = setUp()('store it', () => {
    tries += 1
    return hangs.promise
  })
  const refused = expect(silent).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  await vi.advanceTimersByTimeAsync(10_000)
  await refused
  hangs.reject(cut)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(tries).toBe(1)
  expect(vi.getTimerCount()).toBe(0)
})

test('with a number of tries, it is the last', async () => {
  const attempt = setUp({ mostTries: 2 })
  await expect(attempt('store it', failing(cut, cut))).rejects.toMatchObject({ cause: cut })
})
