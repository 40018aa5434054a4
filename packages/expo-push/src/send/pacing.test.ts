import { expect, test } from 'vitest'
import { takesAll, type FakeExpo, type Behaviour } from '../../test/fake-expo.ts'
import { chatTo, ringTo, startSenderForTest } from '../../test/start-sender.ts'

const idsOf = (expo: FakeExpo) =>
  expo.requests.map(({ messages }) => messages.map(({ id }) => id).join(' '))

const many = (count: number) => Array.from({ length: count }, (_, index) => `d${index}`)

const slowly =
  (afterMs: number): Behaviour =>
  (request) => ({ ...takesAll(request), afterMs })

test('chats wait 50 ms for company and go in one request', async () => {
  const { sender, clock, expo } = startSenderForTest(takesAll)
  const sends = [sender.send(chatTo('alice'))]
  await clock.pass(30)
  sends.push(sender.send(chatTo('bob')))
  await clock.pass(19)
  expect(idsOf(expo)).toEqual([])
  await clock.pass(1)
  expect(idsOf(expo)).toEqual(['alice bob'])
  await Promise.all(sends)
})

test('a ring goes at once, and alone', async () => {
  const { sender, clock, expo } = startSenderForTest(slowly(10))
  const chat = sender.send(chatTo('alice'))
  const ring = sender.send(ringTo('bob'))
  await clock.pass(0)
  expect(idsOf(expo)).toEqual(['bob'])
  await clock.finish(Promise.all([chat, ring]))
  expect(idsOf(expo)).toEqual(['bob', 'alice'])
})

test('the rings of one moment share a request', async () => {
  const { sender, clock, expo } = startSenderForTest(takesAll)
  const rings = ['alice', 'bob', 'carol'].map((name) => sender.send(ringTo(name)))
  await clock.finish(Promise.all(rings))
  expect(idsOf(expo)).toEqual(['alice bob carol'])
})

test('a full hundred waits for nobody', async () => {
  const { sender, clock, expo } = startSenderForTest(takesAll)
  const sends = many(130).map((name) => sender.send(chatTo(name)))
  await clock.pass(0)
  expect(expo.requests.map(({ messages }) => messages.length)).toEqual([100])
  await clock.finish(Promise.all(sends))
  expect(expo.requests.map(({ messages }) => messages.length)).toEqual([100, 30])
})

test('who has less time than the company takes still goes in time', async () => {
  const { sender, clock } = startSenderForTest(takesAll)
  const outcome = await clock.finish(sender.send(chatTo('alice', { deadlineMs: 20 })))
  expect(outcome.kind).toBe('accepted')
})

test('projects never share a request, and an unknown one is a project of its own', async () => {
  const { sender, clock, expo } = startSenderForTest(takesAll)
  const sends = [
    sender.send(chatTo('a', { projectId: 'one' })),
    sender.send(chatTo('b', { projectId: null })),
    sender.send(chatTo('c', { projectId: 'two' })),
    sender.send(chatTo('d', { projectId: 'one' })),
    sender.send(chatTo('e', { projectId: null })),
  ]
  await clock.finish(Promise.all(sends))
  expect(idsOf(expo)).toEqual(['a d', 'b e', 'c'])
})

test('five requests of chats that hang leave a place for a ring, and no sixth goes', async () => {
  const { sender, clock, expo } = startSenderForTest((request) =>
    request.messages[0]?.id === 'ring' ? takesAll(request) : undefined,
  )
  const chats = many(60).map((name, index) =>
    sender.send(chatTo(name, { projectId: `p${index % 6}` })),
  )
  await clock.pass(1000)
  expect(expo.requests).toHaveLength(5)
  expect(await clock.finish(sender.send(ringTo('ring')))).toMatchObject({ kind: 'accepted' })
  expect(expo.busiest()).toBe(6)
  expect((await clock.finish(Promise.all(chats))).every(({ kind }) => kind === 'retry')).toBe(true)
})

test('a project with many does not hold up another', async () => {
  const { sender, clock, expo } = startSenderForTest(slowly(200), { maxParallel: 2 })
  const sends = [
    ...many(300).map((name) => sender.send(chatTo(name, { projectId: 'large' }))),
    sender.send(chatTo('small', { projectId: 'small' })),
  ]
  await clock.finish(Promise.all(sends))
  expect(expo.requests.map(({ messages }) => messages.length)).toEqual([100, 1, 100, 100])
})

test('chats leave a tenth of every second to rings', async () => {
  const { sender, clock, expo } = startSenderForTest(takesAll, { maxPerSecond: 50 })
  const startMs = clock.now()
  const chats = many(60).map((name) => sender.send(chatTo(name)))
  await clock.pass(100)
  expect(expo.requests.map(({ messages }) => messages.length)).toEqual([45])
  const rings = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => sender.send(ringTo(name)))
  await clock.pass(0)
  expect(idsOf(expo).slice(1)).toEqual(['a b c d e'])
  await clock.finish(Promise.all([...chats, ...rings]))
  expect(idsOf(expo)[2]).toBe('f')
  expect(expo.requests[2]?.atMs).toBe(startMs + 50 + 1000)
})
