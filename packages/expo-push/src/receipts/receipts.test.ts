import { expect, test } from 'vitest'
import { refusal, takesAll, type Answer, type SeenRequest } from '../../test/fake-expo.ts'
import { chatTo, startSenderForTest } from '../../test/start-sender.ts'

const ids = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`)

const idsIn = ({ json }: SeenRequest): string[] => {
  const asked: unknown = Object(json).ids
  return Array.isArray(asked) ? asked.map(String) : []
}

const allOk = (request: SeenRequest): Answer => ({
  json: { data: Object.fromEntries(idsIn(request).map((id) => [id, { status: 'ok' }])) },
})

test('every id is answered: handed over, gone, or not ready when Expo does not name it', async () => {
  const { sender, clock, expo } = startSenderForTest(() => ({
    json: {
      data: {
        t0: { status: 'ok' },
        t1: { status: 'error', details: { error: 'DeviceNotRegistered' } },
        t3: 'what?',
        t4: { status: 'pending' },
        other: { status: 'ok' },
      },
    },
  }))
  const receipts = await clock.finish(sender.receipts([...ids(5), 't0']))
  expect(Object.fromEntries(receipts)).toEqual({
    t0: { kind: 'ok' },
    t1: { kind: 'gone', status: 200, reason: 'device_not_registered' },
    t2: { kind: 'notReady' },
    t3: { kind: 'notReady' },
    t4: { kind: 'notReady' },
  })
  expect(expo.requests.map(({ path }) => path)).toEqual(['/getReceipts'])
  expect(expo.requests[0]?.json).toEqual({ ids: ids(5) })
})

test('a name that every object has is an id like any other', async () => {
  const { sender, clock } = startSenderForTest(() => ({ json: { data: {} } }))
  const receipts = await clock.finish(sender.receipts(['constructor', '__proto__']))
  expect([...receipts.values()]).toEqual([{ kind: 'notReady' }, { kind: 'notReady' }])
})

test('many ids are asked for 300 at a time, one request after the other', async () => {
  const { sender, clock, expo } = startSenderForTest((request) => ({
    ...allOk(request),
    afterMs: 50,
  }))
  const receipts = await clock.finish(sender.receipts(ids(700)))
  expect(receipts.size).toBe(700)
  expect([...receipts.values()].every(({ kind }) => kind === 'ok')).toBe(true)
  expect(expo.requests.map((request) => idsIn(request).length)).toEqual([300, 300, 100])
  expect(expo.busiest()).toBe(1)
})

test('nothing to ask for asks nothing', async () => {
  const { sender, expo } = startSenderForTest(allOk)
  expect(await sender.receipts([])).toEqual(new Map())
  expect(expo.requests).toHaveLength(0)
})

test('one id that Expo refuses spoils no other', async () => {
  const { sender, clock, expo } = startSenderForTest((request) =>
    idsIn(request).includes('t13') ? refusal(400, 'VALIDATION_ERROR') : allOk(request),
  )
  const receipts = await clock.finish(sender.receipts(ids(300)))
  expect(receipts.get('t13')).toMatchObject({
    kind: 'notAsked',
    failure: { reason: 'bad_request' },
  })
  expect([...receipts.values()].filter(({ kind }) => kind === 'ok')).toHaveLength(299)
  expect(expo.requests.length).toBeLessThanOrEqual(1 + 2 * 9)
})

test('when Expo is down, what was still to be asked for costs no more requests', async () => {
  const { sender, clock, expo } = startSenderForTest((request) =>
    expo.requests.length === 1 ? allOk(request) : { status: 503, text: '' },
  )
  const receipts = await clock.finish(sender.receipts(ids(900)))
  expect(receipts.size).toBe(900)
  expect(receipts.get('t299')).toEqual({ kind: 'ok' })
  for (const id of ['t300', 't899']) {
    expect(receipts.get(id)).toMatchObject({
      kind: 'notAsked',
      failure: { kind: 'retry', reason: 'server_error', status: 503 },
    })
  }
  expect(expo.requests).toHaveLength(2)
})

test('a question that Expo never answers is over after ten seconds; one cut off by the caller at once', async () => {
  const { sender, clock } = startSenderForTest(() => undefined)
  const startMs = clock.now()
  expect((await clock.finish(sender.receipts(['t1']))).get('t1')).toMatchObject({
    failure: { kind: 'retry', reason: 'timeout' },
  })
  expect(clock.now() - startMs).toBe(10_000)

  const caller = new AbortController()
  const asked = sender.receipts(['t1'], { signal: caller.signal })
  await clock.pass(10)
  caller.abort()
  expect((await asked).get('t1')).toMatchObject({ failure: { reason: 'aborted' } })
  const { signal } = caller
  expect((await sender.receipts(['t1'], { signal })).get('t1')).toMatchObject({
    failure: { reason: 'aborted', ambiguous: false },
  })
})

test('closing cuts off what is being asked', async () => {
  const { sender, clock } = startSenderForTest(() => undefined)
  const asked = sender.receipts(['t1'])
  await clock.pass(10)
  await sender.close()
  expect((await asked).get('t1')).toMatchObject({
    kind: 'notAsked',
    failure: { reason: 'aborted' },
  })
  expect(clock.pending()).toBe(0)
})

test('receipts take no place of a ring, and go before chats', async () => {
  const { sender, clock, expo } = startSenderForTest(
    (request) => ({
      ...(request.path === '/send' ? takesAll(request) : allOk(request)),
      afterMs: 100,
    }),
    { maxParallel: 2 },
  )
  const first = sender.receipts(['t1'])
  const second = sender.receipts(['t2'])
  const chat = sender.send(chatTo('alice'))
  await clock.pass(60)
  expect(expo.requests.map(({ path }) => path)).toEqual(['/getReceipts'])
  const ring = sender.send(chatTo('bob', { pace: 'ring' }))
  await clock.pass(0)
  expect(expo.requests.map(({ path }) => path)).toEqual(['/getReceipts', '/send'])
  await clock.finish(Promise.all([first, second, chat, ring]))
  expect(expo.requests.map(({ path }) => path)).toEqual([
    '/getReceipts',
    '/send',
    '/getReceipts',
    '/send',
  ])
})

test('the rings of one moment take every place before receipts do', async () => {
  const { sender, clock, expo } = startSenderForTest(
    (request) => ({
      ...(request.path === '/send' ? takesAll(request) : allOk(request)),
      afterMs: 10,
    }),
    { maxParallel: 2 },
  )
  const asked = sender.receipts(['t1'])
  const rings = ['one', 'two'].map((projectId) =>
    sender.send(chatTo('alice', { pace: 'ring', projectId })),
  )
  await clock.pass(0)
  expect(expo.requests.map(({ path }) => path)).toEqual(['/send', '/send'])
  await clock.finish(Promise.all([asked, ...rings]))
})

test('a 429 for receipts stops no push', async () => {
  const { sender, clock } = startSenderForTest((request) =>
    request.path === '/send'
      ? takesAll(request)
      : { status: 429, text: '', headers: { 'retry-after': '60' } },
  )
  expect((await clock.finish(sender.receipts(['t1']))).get('t1')).toMatchObject({
    failure: { reason: 'rate_limited', retryAfterMs: 60_000 },
  })
  expect(await clock.finish(sender.send(chatTo('alice')))).toMatchObject({ kind: 'accepted' })
})
