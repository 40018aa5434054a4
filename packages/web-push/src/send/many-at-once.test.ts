import { expect, onTestFinished, test } from 'vitest'
import { startPushService, type Behaviour } from '../../test/loopback-push-service.ts'
import { chatPush, startSender } from '../../test/send-to-loopback.ts'

const MOZILLA = 'updates.push.services.mozilla.com'
const APPLE = 'web.push.apple.com'

const never = () => undefined
const accepts: Behaviour = (_request, response) => response.writeHead(201).end()

test('a hundred endpoints that hang delay neither another service nor a ring of their own', async () => {
  const service = await startPushService((request, response) => {
    if (request.url === '/hang') return
    response.writeHead(201).end()
  })
  const sender = startSender(service.port)
  const hang = (count: number, deadlineMs: number) =>
    Array.from({ length: count }, () =>
      sender.send(chatPush(MOZILLA, { path: '/hang', deadlineMs })),
    )
  const hanging = [...hang(56, 1500), ...hang(44, 1000)]
  // 64 connections an origin, eight of them kept for rings.
  await service.arrived(56)

  const others = await Promise.all([
    sender.send(chatPush(MOZILLA, { urgency: 'high', deadlineMs: 2000 })),
    sender.send(chatPush(APPLE, { deadlineMs: 2000 })),
  ])
  expect(others.map(({ kind }) => kind)).toEqual(['accepted', 'accepted'])
  expect(service.requests.filter(({ url }) => url === '/hang')).toHaveLength(56)

  const outcomes = await Promise.all(hanging)
  expect(outcomes.filter((outcome) => outcome.kind === 'retry' && outcome.ambiguous)).toHaveLength(
    56,
  )
  expect(outcomes.filter((outcome) => outcome.kind === 'retry' && !outcome.ambiguous)).toHaveLength(
    44,
  )
})

test('a slow endpoint beside fast ones of the same service delays none of them', async () => {
  const service = await startPushService((request, response) => {
    if (request.url === '/slow') return
    response.writeHead(201).end()
  })
  const sender = startSender(service.port)
  const slow = sender.send(chatPush(MOZILLA, { path: '/slow', deadlineMs: 1000 }))
  await service.arrived(1)
  const fast = await Promise.all(
    Array.from({ length: 200 }, () => sender.send(chatPush(MOZILLA, { deadlineMs: 900 }))),
  )
  expect(fast.every(({ kind }) => kind === 'accepted')).toBe(true)
  expect(await slow).toMatchObject({ kind: 'retry', reason: 'timeout' })
})

test('a push that was waiting for a connection is sent when one is free', async () => {
  const waiting: (() => void)[] = []
  const service = await startPushService((_request, response) => {
    waiting.push(() => response.writeHead(201).end())
  })
  const sender = startSender(service.port)
  const sends = Array.from({ length: 60 }, () => sender.send(chatPush(MOZILLA)))
  await service.arrived(56)
  for (const answer of waiting.splice(0)) answer()
  await service.arrived(60)
  for (const answer of waiting.splice(0)) answer()
  expect((await Promise.all(sends)).every(({ kind }) => kind === 'accepted')).toBe(true)
})

test('the caller may abort: before, nothing is sent; after, nobody knows', async () => {
  const service = await startPushService(never)
  const sender = startSender(service.port)
  expect(await sender.send(chatPush(), { signal: AbortSignal.abort() })).toEqual({
    kind: 'retry',
    reason: 'aborted',
    ambiguous: false,
  })
  const caller = new AbortController()
  const outcome = sender.send(chatPush(), { signal: caller.signal })
  await service.arrived(1)
  caller.abort()
  expect(await outcome).toEqual({ kind: 'retry', reason: 'aborted', ambiguous: true })
  expect(service.requests).toHaveLength(1)
})

test('closing ends what is under way, at once', async () => {
  const service = await startPushService(never)
  const sender = startSender(service.port)
  const outcome = sender.send(chatPush())
  await service.arrived(1)
  await sender.close()
  expect(await outcome).toEqual({ kind: 'retry', reason: 'aborted', ambiguous: true })
})

test('a thousand pushes at once leave the event loop free in between', async () => {
  const service = await startPushService(accepts)
  const sender = startSender(service.port)
  let turns = 0
  const count = () => {
    turns++
    immediate = setImmediate(count)
  }
  let immediate = setImmediate(count)
  onTestFinished(() => clearImmediate(immediate))
  const outcomes = await Promise.all(Array.from({ length: 1000 }, () => sender.send(chatPush())))
  expect(outcomes.every(({ kind }) => kind === 'accepted')).toBe(true)
  expect(turns).toBeGreaterThan(1000 / 8)
})
