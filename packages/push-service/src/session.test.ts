import { expect, test } from 'vitest'
import type { ClientFrame } from './frames.ts'
import type { PushMessage } from './push-message.ts'
import {
  newSession,
  step,
  type SessionEffect,
  type SessionInput,
  type SessionState,
} from './session.ts'

const channelId = 'b9d3f0a2-6a0e-4a7c-9f5e-0d6a5a4c3b21'
const frame = (value: ClientFrame | undefined, now = 0): SessionInput => ({
  type: 'frame',
  frame: value,
  now,
})
const message = (version: string, ttlSeconds = 60): PushMessage => ({
  version,
  uaid: 'alice',
  channelId,
  ttlSeconds,
  topic: undefined,
  urgency: undefined,
  body: Buffer.from('sealed'),
  encryptionHeaders: { encoding: 'aes128gcm' },
  receivedAt: 0,
})
const ack = (...versions: string[]): SessionInput =>
  frame({ type: 'ack', updates: versions.map((version) => ({ channelId, version, code: 100 })) })
const stored = (...versions: string[]): SessionInput => ({
  type: 'stored',
  messages: versions.map((version) => message(version)),
})

/** Feeds the inputs in turn; returns the last state and the effects of the last input. */
function feed(from: SessionState, ...inputs: SessionInput[]): [SessionState, SessionEffect[]] {
  let state = from
  let effects: readonly SessionEffect[] = []
  for (const input of inputs) [state, effects] = step(state, input)
  return [state, [...effects]]
}

function active(known = false): SessionState {
  const identified = { type: 'identified', uaid: 'alice', known } as const
  const hello = frame({ type: 'hello', uaid: undefined })
  return feed(newSession(45_000), hello, identified)[0]
}

const kinds = (effects: readonly SessionEffect[]) => effects.map((effect) => effect.do)

test('hello asks who the browser is, and is answered with its uaid', () => {
  const hello = frame({ type: 'hello', uaid: 'alice' })
  const [state, effects] = feed(newSession(45_000), hello)
  expect(effects).toEqual([{ do: 'identify', claimed: 'alice' }])

  const [, answer] = feed(state, { type: 'identified', uaid: 'bob', known: false })
  expect(answer).toEqual([
    {
      do: 'send',
      frame: {
        messageType: 'hello',
        status: 200,
        uaid: 'bob',
        use_webpush: true,
        broadcasts: {},
      },
    },
  ])
})

test('a browser that comes back is given what was stored for it', () => {
  const hello = frame({ type: 'hello', uaid: 'alice' })
  const back = { type: 'identified', uaid: 'alice', known: true } as const
  expect(kinds(feed(newSession(0), hello, back)[1])).toEqual(['send', 'fetch'])
})

test.each([
  ['before hello', newSession(0), frame({ type: 'ping' })],
  ['a second hello', active(), frame({ type: 'hello', uaid: undefined })],
  ['not a frame', active(), frame(undefined)],
] as const)('%s closes the socket with 1011', (_, state, input) => {
  expect(feed(state, input)).toEqual([{ phase: 'closed' }, [{ do: 'close', code: 1011 }]])
})

test('a key that is no P-256 point is refused with status 400', () => {
  const register = frame({ type: 'register', channelId, key: 'AAAA' })
  expect(feed(active(), register)[1]).toEqual([
    {
      do: 'send',
      frame: {
        messageType: 'register',
        channelID: channelId,
        status: 400,
        pushEndpoint: '',
      },
    },
  ])
})

test('a message that was delivered but not acknowledged is stored when the socket drops', () => {
  const state = feed(
    active(),
    { type: 'message', message: message('v1') },
    { type: 'message', message: message('v2') },
    ack('v1'),
  )[0]
  expect(feed(state, { type: 'dropped' })[1]).toEqual([{ do: 'store', messages: [message('v2')] }])
})

test('a message from storage is not stored a second time when the socket drops', () => {
  const state = feed(active(true), stored('v1'))[0]
  expect(feed(state, { type: 'dropped' })[1]).toEqual([])
})

test('the next batch is fetched only after every message of the batch was acknowledged', () => {
  const state = feed(active(true), stored('v1', 'v2'))[0]
  const [half, effects] = feed(state, ack('v2'))
  expect(kinds(effects)).toEqual(['settle'])
  expect(kinds(feed(half, ack('v1'))[1])).toEqual(['settle', 'fetch'])
})

test('once storage is empty an ack fetches nothing', () => {
  const state = feed(active(true), stored(), { type: 'message', message: message('v1') })[0]
  expect(kinds(feed(state, ack('v1'))[1])).toEqual(['settle'])
})

test.each([
  { what: '150 stored messages leave the browser as it is', next: stored(), ends: [] },
  { what: 'the 151st stored message ends it', next: stored('v150'), ends: ['forget', 'close'] },
])('$what', ({ next, ends }) => {
  let state = active(true)
  for (let first = 0; first < 150; first += 10) {
    const versions = Array.from({ length: 10 }, (_, index) => `v${first + index}`)
    const [after, effects] = feed(state, stored(...versions), ack(...versions))
    expect(kinds(effects).at(-1)).toBe('fetch')
    state = after
  }
  const [end, effects] = feed(state, next)
  expect(kinds(effects)).toEqual(ends)
  expect(end.phase).toBe(ends.length === 0 ? 'active' : 'closed')
})

test('two pings within 45 s close the socket, two pings 45 s apart do not', () => {
  const once = feed(active(), frame({ type: 'ping' }, 1000))
  expect(once[1]).toEqual([{ do: 'send', frame: {} }])
  expect(kinds(feed(once[0], frame({ type: 'ping' }, 45_999))[1])).toEqual(['close'])
  expect(kinds(feed(once[0], frame({ type: 'ping' }, 46_000))[1])).toEqual(['send'])
})

test('unregistering answers 200, also for a channel nobody knows', () => {
  const [, effects] = feed(active(), frame({ type: 'unregister', channelId, code: 201 }))
  expect(effects).toEqual([
    { do: 'unregister', channelId, code: 201 },
    { do: 'send', frame: { messageType: 'unregister', channelID: channelId, status: 200 } },
  ])
})

test('a closed session does nothing any more', () => {
  const closed = feed(active(), { type: 'close', code: 4774 })
  expect(closed[1]).toEqual([{ do: 'close', code: 4774 }])
  const late = { type: 'message', message: message('v1') } as const
  expect(feed(closed[0], late, ack('v1'), { type: 'dropped' })).toEqual([{ phase: 'closed' }, []])
})
