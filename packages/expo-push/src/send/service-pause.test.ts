import { expect, test } from 'vitest'
import { refusal, takesAll, type FakeExpo } from '../../test/fake-expo.ts'
import { chatTo, ringTo, startSenderForTest } from '../../test/start-sender.ts'

const idsOf = (expo: FakeExpo) =>
  expo.requests.map(({ messages }) => messages.map(({ id }) => id).join(' '))

test('429 stops everything for as long as Retry-After says, in seconds', async () => {
  const { sender, clock, expo } = startSenderForTest((request) =>
    expo.requests.length === 1
      ? { ...refusal(429, 'TOO_MANY_REQUESTS'), headers: { 'retry-after': '3' } }
      : takesAll(request),
  )
  const refused = await clock.finish(sender.send(chatTo('alice')))
  // A tenth of the wait, at most, spreads the processes that were refused together.
  expect(refused).toEqual({
    kind: 'retry',
    reason: 'rate_limited',
    status: 429,
    retryAfterMs: 3150,
    ambiguous: false,
  })
  const sends = [sender.send(chatTo('bob')), sender.send(ringTo('carol'))]
  await clock.pass(3149)
  expect(expo.requests).toHaveLength(1)
  await clock.pass(1)
  expect(idsOf(expo)).toEqual(['alice', 'carol', 'bob'])
  await Promise.all(sends)
})

test('429 with a date is understood as well', async () => {
  const { sender, clock } = startSenderForTest(
    () => ({
      status: 429,
      text: '',
      headers: { 'retry-after': new Date(clock.now() + 5000).toUTCString() },
    }),
    { random: () => 0 },
  )
  expect(await clock.finish(sender.send(ringTo('alice')))).toMatchObject({ retryAfterMs: 5000 })
})

test('without Retry-After the pause doubles with every 429 in a row, and an accepted push ends that', async () => {
  let isBusy = true
  const { sender, clock } = startSenderForTest(
    (request) => (isBusy ? { status: 429, text: '' } : takesAll(request)),
    { random: () => 0 },
  )
  const pauses: unknown[] = []
  const sendOne = async () => {
    const outcome = await clock.finish(sender.send(chatTo('alice', { deadlineMs: 600_000 })))
    pauses.push(outcome.kind === 'retry' ? outcome.retryAfterMs : outcome.kind)
  }
  for (let count = 0; count < 8; count++) await sendOne()
  isBusy = false
  await sendOne()
  isBusy = true
  await sendOne()
  const s = 1000
  expect(pauses).toEqual([s, 2 * s, 4 * s, 8 * s, 16 * s, 32 * s, 60 * s, 60 * s, 'accepted', s])
})

test('several requests refused together are one 429, not several in a row', async () => {
  const { sender, clock } = startSenderForTest(() => ({ status: 429, text: '', afterMs: 10 }), {
    random: () => 0,
  })
  const sends = ['one', 'two', 'three'].map((projectId) =>
    sender.send(chatTo('alice', { projectId })),
  )
  const outcomes = await clock.finish(Promise.all(sends))
  expect(outcomes.map((outcome) => outcome.kind === 'retry' && outcome.retryAfterMs)).toEqual([
    1000, 1000, 1000,
  ])
})

test('no answer stops the pushes for more than an hour', async () => {
  const { sender, clock, expo } = startSenderForTest((request) =>
    expo.requests.length === 1
      ? { status: 429, text: '', headers: { 'retry-after': '86400' } }
      : takesAll(request),
  )
  await clock.finish(sender.send(chatTo('alice')))
  await clock.pass(3_600_000)
  expect(await clock.finish(sender.send(chatTo('alice')))).toMatchObject({ kind: 'accepted' })
})

test('what cannot leave before its deadline is given back at once, with the wait', async () => {
  const { sender, clock, expo } = startSenderForTest(
    () => ({ status: 429, text: '', headers: { 'retry-after': '60' }, afterMs: 100 }),
    { random: () => 0, maxParallel: 2 },
  )
  const first = sender.send(chatTo('alice'))
  await clock.pass(60)
  const waiting = sender.send(chatTo('bob'))
  await clock.finish(first)
  const startMs = clock.now()
  const given = { kind: 'retry', reason: 'rate_limited', retryAfterMs: 60_000, ambiguous: false }
  expect(await clock.finish(waiting)).toEqual(given)
  expect(await clock.finish(sender.send(ringTo('carol')))).toEqual(given)
  expect(clock.now()).toBe(startMs)
  expect(expo.requests).toHaveLength(1)
})
