import { expect, test } from 'vitest'
import { createExpoSender, type ExpoMessage, type ExpoPush } from '../index.ts'
import { takesAll } from '../../test/fake-expo.ts'
import { chatTo, startSenderForTest, tokenOf } from '../../test/start-sender.ts'

const circle: Record<string, unknown> = {}
circle.self = circle

const withMessage = (fields: Partial<ExpoMessage>): Partial<ExpoPush> => ({
  message: { to: tokenOf('alice'), ...fields },
})

test.each([
  ['TTL_INVALID', withMessage({ ttl: -1 })],
  ['TTL_INVALID', withMessage({ ttl: 1.5 })],
  ['TTL_INVALID', withMessage({ ttl: Number.NaN })],
  ['TTL_INVALID', withMessage({ ttl: 2 ** 31 })],
  ['DEADLINE_INVALID', { deadlineMs: 0 }],
  ['DEADLINE_INVALID', { deadlineMs: Number.POSITIVE_INFINITY }],
  ['MESSAGE_INVALID', withMessage({ data: circle })],
  ['MESSAGE_INVALID', withMessage({ data: { count: 1n } })],
] as const)(
  'a mistake of the caller is thrown as %s before anything is sent',
  async (code, fields) => {
    const { sender, expo } = startSenderForTest(takesAll)
    await expect(sender.send(chatTo('alice', fields))).rejects.toMatchObject({
      name: 'ExpoPushError',
      code,
    })
    expect(expo.requests).toHaveLength(0)
  },
)

test.each([
  ['BASE_URL_INVALID', { baseUrl: 'exp.host' }],
  ['BASE_URL_INVALID', { baseUrl: 'ftp://exp.host/push' }],
  ['BASE_URL_INVALID', { baseUrl: 'https://me:secret@exp.host' }],
  ['BASE_URL_INVALID', { baseUrl: 'https://exp.host/?a=b' }],
  ['ACCESS_TOKEN_INVALID', { accessToken: '' }],
  ['ACCESS_TOKEN_INVALID', { accessToken: 'a\r\nX-Evil: 1' }],
  ['LIMIT_INVALID', { maxPerSecond: 0 }],
  ['LIMIT_INVALID', { maxParallel: 1 }],
  ['LIMIT_INVALID', { gatherMs: -1 }],
  ['LIMIT_INVALID', { receiptsPerRequest: 1001 }],
] as const)(
  'a mistake of the operator is thrown as %s at once, and tells no secret',
  (code, options) => {
    const make = () => createExpoSender({ fetch, now: Date.now, random: Math.random, ...options })
    expect(make).toThrow(expect.objectContaining({ code }))
    expect(make).not.toThrow(/secret|X-Evil/)
  },
)

test('the message goes as it is, and the base URL may end with a slash', async () => {
  const message: Required<ExpoMessage> = {
    to: tokenOf('alice'),
    title: 'Ana is calling',
    body: 'Video call',
    subtitle: 'Belfry',
    data: { id: 'alice', nested: { tag: 'call-S' } },
    sound: null,
    ttl: 30,
    priority: 'high',
    badge: 0,
    interruptionLevel: 'time-sensitive',
    channelId: 'calls_v1',
    categoryId: 'incoming_call',
    collapseId: 'call-S',
    tag: 'call-S',
    threadId: 'calls',
    contentAvailable: true,
    mutableContent: false,
  }
  const { sender, clock, expo } = startSenderForTest(takesAll, {
    baseUrl: 'https://exp.host/--/api/v2/push/',
    accessToken: 'secret',
  })
  await clock.finish(sender.send({ message, projectId: null }))
  expect(expo.requests[0]?.json).toEqual([message])
  expect(expo.requests[0]?.path).toBe('/send')
  expect(Object.fromEntries(expo.requests[0]?.headers ?? [])).toEqual({
    accept: 'application/json',
    'accept-encoding': 'gzip, deflate',
    authorization: 'Bearer secret',
    'content-type': 'application/json',
  })
})

test('a body above 1 KiB is compressed, a smaller one is not', async () => {
  const { sender, clock, expo } = startSenderForTest(takesAll)
  const long = { to: tokenOf('bob'), data: { id: 'bob', text: 'é'.repeat(600) } }
  await clock.finish(sender.send(chatTo('alice')))
  await clock.finish(sender.send(chatTo('bob', { message: long })))
  expect(expo.requests.map(({ headers }) => headers.get('content-encoding'))).toEqual([
    null,
    'gzip',
  ])
  expect(expo.requests[1]?.json).toEqual([long])
  expect(expo.requests[0]?.headers.has('authorization')).toBe(false)
})
