import { expect, test } from 'vitest'
import { takesAll } from '../../test/fake-expo.ts'
import { chatTo, ringTo, startSenderForTest } from '../../test/start-sender.ts'

test('a ring that certainly did not arrive is sent again within four seconds, a chat is not', async () => {
  const { sender, clock, expo } = startSenderForTest((request) =>
    expo.requests.length < 3 ? { status: 503, text: '' } : takesAll(request),
  )
  const startMs = clock.now()
  expect(await clock.finish(sender.send(ringTo('alice')))).toMatchObject({ kind: 'accepted' })
  expect(expo.requests.map(({ atMs }) => atMs - startMs)).toEqual([0, 500, 2000])

  const down = startSenderForTest(() => ({ status: 503, text: '' }))
  const ring = await down.clock.finish(down.sender.send(ringTo('alice')))
  expect(ring).toMatchObject({ kind: 'retry', reason: 'server_error', status: 503 })
  expect(down.expo.requests).toHaveLength(3)
  await down.clock.finish(down.sender.send(chatTo('alice')))
  expect(down.expo.requests).toHaveLength(4)
})

test.each([
  ['a gateway that gave up', { status: 504, text: '' }],
  ['a page as a 200', { text: '<html>' }],
  [
    'an error in the ticket',
    { json: { data: [{ status: 'error', details: { error: 'ExpoError' } }] } },
  ],
])('a ring is not sent again after %s', async (_what, answer) => {
  const { sender, clock, expo } = startSenderForTest(() => answer)
  expect(await clock.finish(sender.send(ringTo('alice')))).toMatchObject({ kind: 'retry' })
  expect(expo.requests).toHaveLength(1)
})

test('a ring waits for a short 429, and is given back after a longer one', async () => {
  const withRetryAfter = (seconds: string) =>
    startSenderForTest(
      (request) =>
        request.atMs === Date.UTC(2026, 10, 21, 10)
          ? { status: 429, text: '', headers: { 'retry-after': seconds } }
          : takesAll(request),
      { random: () => 0 },
    )
  const short = withRetryAfter('3')
  expect(await short.clock.finish(short.sender.send(ringTo('alice')))).toMatchObject({
    kind: 'accepted',
  })
  const long = withRetryAfter('5')
  expect(await long.clock.finish(long.sender.send(ringTo('alice')))).toMatchObject({
    kind: 'retry',
    retryAfterMs: 5000,
    status: 429,
  })
  expect(long.expo.requests).toHaveLength(1)
})

test('a ring that is cut off before its second attempt is known not to have arrived; within it, nobody knows', async () => {
  const { sender, clock } = startSenderForTest(() => ({ status: 503, text: '', afterMs: 100 }))
  const caller = new AbortController()
  const cutOff = sender.send(ringTo('alice', { signal: caller.signal }))
  await clock.pass(300)
  caller.abort()
  expect(await cutOff).toEqual({ kind: 'retry', reason: 'aborted', ambiguous: false })
  expect(await clock.finish(sender.send(ringTo('bob', { deadlineMs: 650 })))).toEqual({
    kind: 'retry',
    reason: 'timeout',
    ambiguous: true,
  })
})

test('a ring for whose second attempt its deadline leaves no time is given back at once', async () => {
  const { sender, clock } = startSenderForTest(() => ({ status: 503, text: '', afterMs: 100 }))
  const startMs = clock.now()
  expect(await clock.finish(sender.send(ringTo('bob', { deadlineMs: 550 })))).toMatchObject({
    kind: 'retry',
    reason: 'server_error',
    ambiguous: false,
  })
  expect(clock.now() - startMs).toBe(100)
})
