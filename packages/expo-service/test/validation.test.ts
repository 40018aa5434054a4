import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openService, post, sendRaw, ticketIds } from './sender.ts'

/** The fields of Expo's server SDK 7.2.0: what goes, and what does not. */
const fields: readonly (readonly [
  name: string,
  good: readonly unknown[],
  bad: readonly unknown[],
])[] = [
  ['title', ['Alice', ''], [1, null, {}]],
  ['subtitle', ['Team'], [false]],
  ['body', ['Hi'], [['Hi']]],
  ['data', [{}, { callId: 'c1', deep: { a: [1] } }], ['{}', [], null, 7]],
  [
    'sound',
    ['default', null, 'ring.wav', { critical: true, name: 'default', volume: 0.5 }, { name: null }],
    [true, { volume: 2 }, { loud: true }, []],
  ],
  ['ttl', [0, 30, 2_419_200], [-1, 1.5, '30', null]],
  ['expiration', [1_772_366_400], ['tomorrow', -1]],
  ['priority', ['default', 'normal', 'high'], ['urgent', 10]],
  ['badge', [0, 3], [-1, '3']],
  [
    'interruptionLevel',
    ['active', 'critical', 'passive', 'time-sensitive'],
    ['timeSensitive', true],
  ],
  ['channelId', ['calls_v1', null], [1]],
  ['icon', ['notification'], [{}]],
  [
    'richContent',
    [{ image: 'https://example.org/a.png' }, {}],
    ['a.png', { image: 1 }, { video: 'x' }],
  ],
  ['categoryId', ['incoming_call'], [1]],
  ['collapseId', ['call-1', 'x'.repeat(64)], ['x'.repeat(65), 'é'.repeat(33), 1]],
  ['tag', ['call-1'], [1]],
  ['threadId', ['t'], [1]],
  ['mutableContent', [true, false], ['true', 1]],
  ['contentAvailable', [true], ['true', 1]],
  ['_contentAvailable', [true], [1]],
  ['targetContentId', ['w'], [1]],
  ['relevanceScore', [0, 0.5, 1], [1.1, -0.1, '1']],
  ['filterCriteria', ['f'], [1]],
]

test.each(fields)('%s is checked for its type', async (name, good, bad) => {
  const service = await openService()
  const bob = service.install()
  for (const value of good) {
    const answer = await post(service, 'send', { to: bob, [name]: value })
    expect(answer.json, JSON.stringify(value)).toMatchObject({ data: { status: 'ok' } })
  }
  for (const value of bad) {
    const answer = await post(service, 'send', { to: bob, [name]: value })
    expect(answer, JSON.stringify(value)).toMatchObject({
      status: 400,
      json: { errors: [{ code: 'VALIDATION_ERROR' }] },
    })
    expect(answer.text).toContain(name)
  }
  expect(service.pushes).toHaveLength(good.length)
})

test('a field that Expo does not know is refused, as is one that every object has', async () => {
  const service = await openService()
  const bob = service.install()
  for (const name of ['interuptionLevel', 'toString', '_displayInForeground']) {
    const answer = await sendRaw(`${service.url}/send`, {
      body: `{"to": "${bob}", "${name}": "x"}`,
    })
    expect(answer).toMatchObject({ status: 400, json: { errors: [{ code: 'VALIDATION_ERROR' }] } })
    expect(answer.text).toContain(`\\"${name}\\" is not allowed`)
  }
})

test('the three shapes of a token are taken, letters of either case apart', async () => {
  const service = await openService()
  const tokens = [
    'ExponentPushToken[abc]',
    'ExponentPushToken[ABC]',
    'ExpoPushToken[abc]',
    '0a1b2c3d-4e5f-6789-abcd-ef0123456789',
  ]
  for (const token of tokens) expect(service.install({ token })).toBe(token)
  await post(service, 'send', { to: tokens })
  expect(service.pushes.map(({ token }) => token)).toEqual(tokens)
})

test.each([
  ['a token of another service', { to: 'fcm:abc' }],
  ['an empty token', { to: 'ExponentPushToken[]' }],
  ['a token with something behind it', { to: 'ExponentPushToken[abc] ' }],
  ['a number', { to: 1 }],
  ['no recipient', { title: 'x' }],
  ['an empty list of recipients', { to: [] }],
  ['a list with one bad recipient', { to: ['ExponentPushToken[a]', 'x'] }],
  ['an empty request', []],
  ['a text', 'hello'],
  ['null', null],
  ['a list in a list', [[{ to: 'ExponentPushToken[a]' }]]],
])('%s is no message', async (_, json) => {
  const service = await openService({ acceptUnknownTokens: true })
  expect(await post(service, 'send', json)).toMatchObject({
    status: 400,
    json: { errors: [{ code: 'VALIDATION_ERROR' }] },
  })
})

test('one bad message refuses the whole batch, and says which', async () => {
  const service = await openService()
  const bob = service.install()
  const refused = await post(service, 'send', [{ to: bob }, { to: bob, ttl: 'soon' }, { to: bob }])
  expect(refused).toMatchObject({
    status: 400,
    json: {
      errors: [
        { code: 'VALIDATION_ERROR', message: '"[1]": "ttl" must be a whole number of 0 or more' },
      ],
    },
  })
  expect(service.pushes).toEqual([])
  expect(service.events.ofType('refused')).toMatchObject([
    { endpoint: 'send', status: 400, code: 'VALIDATION_ERROR', request: 1 },
  ])
})

test('a body that cannot be read is refused', async () => {
  const service = await openService()
  const url = `${service.url}/send`
  const invalid = { status: 400, json: { errors: [{ code: 'VALIDATION_ERROR' }] } }
  expect(await sendRaw(url, { body: '{"to": ' })).toMatchObject(invalid)
  expect(await sendRaw(url)).toMatchObject(invalid)
  expect(await sendRaw(url, { body: '{}', headers: { 'content-encoding': 'gzip' } })).toMatchObject(
    invalid,
  )
  expect(await sendRaw(url, { body: '{}', headers: { 'content-encoding': 'br' } })).toMatchObject(
    invalid,
  )
  expect(
    await sendRaw(url, { body: 'to=x', headers: { 'content-type': 'text/plain' } }),
  ).toMatchObject(invalid)
})

test('a small gzip body that grows large does not fill the memory', async () => {
  const service = await openService()
  const body = gzipSync(Buffer.alloc(8 * 1024 * 1024, ' '))
  const answer = await sendRaw(`${service.url}/send`, {
    body,
    headers: { 'content-encoding': 'gzip' },
  })
  expect(answer).toMatchObject({ status: 413, json: { errors: [{ code: 'PAYLOAD_TOO_LARGE' }] } })
})

test('100 messages of 8 KB each are read: their size is told in receipts', async () => {
  const service = await openService()
  const bob = service.install()
  const messages = Array.from({ length: 100 }, () => ({
    to: bob,
    data: { text: 'x'.repeat(8192) },
  }))
  expect(ticketIds(await post(service, 'send', messages))).toHaveLength(100)
  expect(new Set(service.pushes.map(({ receipt }) => receipt))).toEqual(new Set(['MessageTooBig']))
})
