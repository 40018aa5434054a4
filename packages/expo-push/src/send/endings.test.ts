import { expect, test } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { takesAll } from '../../test/fake-expo.ts'
import { chatTo, ringTo, startSenderForTest, tokenOf } from '../../test/start-sender.ts'
import { createExpoSender } from '../index.ts'

test('a request is over after ten seconds, however long its pushes would wait', async () => {
  const { sender, clock } = startSenderForTest(() => undefined)
  const startMs = clock.now()
  const sends = ['alice', 'bob'].map((name) => sender.send(chatTo(name, { deadlineMs: 60_000 })))
  const timeout = { kind: 'retry', reason: 'timeout', ambiguous: true }
  expect(await clock.finish(Promise.all(sends))).toEqual([timeout, timeout])
  expect(clock.now() - startMs).toBe(10_050)
})

test('a push whose time is over leaves its request to the others, and the last one ends it', async () => {
  const { sender, clock, expo } = startSenderForTest((request) =>
    request.messages.some(({ id }) => id === 'hang')
      ? undefined
      : { ...takesAll(request), afterMs: 900 },
  )
  const hasty = sender.send(chatTo('alice', { deadlineMs: 500 }))
  const patient = sender.send(chatTo('bob'))
  expect(await clock.finish(hasty)).toEqual({ kind: 'retry', reason: 'timeout', ambiguous: true })
  expect(await clock.finish(patient)).toMatchObject({ ticketId: 'ticket-bob' })

  const alone = sender.send(chatTo('hang', { deadlineMs: 500 }))
  expect(await clock.finish(alone)).toMatchObject({ reason: 'timeout' })
  await clock.pass(0)
  expect(expo.underWay()).toBe(0)
})

test('the caller may abort: before, nothing is sent; after, nobody knows', async () => {
  const { sender, clock, expo } = startSenderForTest(() => undefined)
  const aborted = { kind: 'retry', reason: 'aborted', ambiguous: false }
  expect(await sender.send(chatTo('alice', { signal: AbortSignal.abort() }))).toEqual(aborted)

  const caller = new AbortController()
  const waiting = sender.send(chatTo('alice', { signal: caller.signal }))
  caller.abort()
  expect(await waiting).toEqual(aborted)
  await clock.pass(1000)
  expect(expo.requests).toHaveLength(0)

  const later = new AbortController()
  const underWay = sender.send(ringTo('alice', { signal: later.signal }))
  await clock.pass(0)
  later.abort()
  expect(await underWay).toEqual({ ...aborted, ambiguous: true })
})

test('closing cuts off what waits and what is under way, and no send begins after it', async () => {
  const { sender, clock, expo } = startSenderForTest(() => undefined)
  const underWay = sender.send(ringTo('alice'))
  await clock.pass(0)
  const waiting = sender.send(chatTo('bob'))
  await sender.close()
  expect(await underWay).toEqual({ kind: 'retry', reason: 'aborted', ambiguous: true })
  expect(await waiting).toEqual({ kind: 'retry', reason: 'aborted', ambiguous: false })
  await expect(sender.send(chatTo('carol'))).rejects.toMatchObject({ code: 'SENDER_CLOSED' })
  await expect(sender.receipts(['t1'])).rejects.toMatchObject({ code: 'SENDER_CLOSED' })
  expect(expo.requests).toHaveLength(1)
  expect(clock.pending()).toBe(0)
  await sender.close()
})

test('a fetch that ignores its signal holds up neither the push nor the closing', async () => {
  const clock = createFakeClock()
  const deaf: typeof globalThis.fetch = () => new Promise(() => undefined)
  const sender = createExpoSender({ ...clock, fetch: deaf, random: () => 0.5 })
  const hasty = sender.send(ringTo('alice', { deadlineMs: 100 }))
  expect(await clock.finish(hasty)).toMatchObject({ reason: 'timeout' })
  const patient = sender.send(ringTo('bob'))
  await clock.pass(10)
  await sender.close()
  expect(await patient).toMatchObject({ reason: 'aborted' })
})

test('a token that is none is refused before anything is sent', async () => {
  const { sender, expo } = startSenderForTest(takesAll)
  const message = { ...chatTo('alice').message, to: `${tokenOf('alice')} ` }
  expect(await sender.send(chatTo('alice', { message }))).toMatchObject({
    kind: 'rejected',
    reason: 'token_invalid',
  })
  expect(expo.requests).toHaveLength(0)
})
