import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { fakeClock, openService, post, sendRaw, ticketIds } from './sender.ts'

const unknownToken = 'ExponentPushToken[nobody]'

test('one message to one token gets one ticket that is not in an array', async () => {
  const service = await openService()
  const bob = service.install({ platform: 'ios' })
  const answer = await post(service, 'send', { to: bob, title: 'Alice' })
  expect(answer.status).toBe(200)
  expect(answer.json).toEqual({ data: { status: 'ok', id: service.pushes[0]?.ticketId } })
})

test('tickets come in the order of the notifications, every element of `to` counted', async () => {
  const service = await openService()
  const [alice, bob, carol] = [service.install(), service.install(), service.install()]
  const answer = await post(service, 'send', [
    { to: [alice, unknownToken, bob], title: 'one' },
    { to: carol, title: 'two' },
  ])
  expect(service.pushes.map(({ token }) => token)).toEqual([alice, bob, carol])
  const [a, b, c] = service.pushes.map(({ ticketId }) => ticketId)
  expect(answer.json).toEqual({
    data: [
      { status: 'ok', id: a },
      {
        status: 'error',
        message: `"${unknownToken}" is not a registered push notification recipient`,
        details: { error: 'DeviceNotRegistered', expoPushToken: unknownToken },
      },
      { status: 'ok', id: b },
      { status: 'ok', id: c },
    ],
  })
})

test('an array of one gets an array of one', async () => {
  const service = await openService()
  const bob = service.install()
  const inArray = await post(service, 'send', [{ to: bob }])
  const toArray = await post(service, 'send', { to: [bob] })
  const [first, second] = service.pushes.map(({ ticketId }) => ticketId)
  expect(inArray.json).toEqual({ data: [{ status: 'ok', id: first }] })
  expect(toArray.json).toEqual({ data: [{ status: 'ok', id: second }] })
})

test('what was pushed can be seen: token, project, data, form, platform', async () => {
  const service = await openService()
  const bob = service.install({ platform: 'android', projectId: '@acme/chat' })
  const heard: string[] = []
  const stop = service.onPush(({ token }) => heard.push(token))
  await post(service, 'send', { to: bob, data: { callId: 'c1' }, contentAvailable: true })
  stop()
  await post(service, 'send', { to: bob, title: 'Alice', body: 'Hi', ttl: 60 })
  expect(heard).toEqual([bob])
  expect(service.pushes).toMatchObject([
    {
      token: bob,
      projectId: '@acme/chat',
      platform: 'android',
      form: 'headless',
      data: { callId: 'c1' },
      receipt: 'ok',
      request: 1,
    },
    {
      form: 'titled',
      data: {},
      message: { to: bob, title: 'Alice', body: 'Hi', ttl: 60 },
      request: 2,
    },
  ])
})

test.each(['title', 'subtitle', 'body', 'icon', 'channelId'])(
  'a message with %s is drawn by the system',
  async (field) => {
    const service = await openService()
    const bob = service.install()
    await post(service, 'send', { to: bob, data: {}, contentAvailable: true, [field]: 'x' })
    expect(service.pushes[0]?.form).toBe('titled')
  },
)

test('a gzip body is read, and a long answer is compressed for who takes it', async () => {
  const service = await openService()
  const bob = service.install()
  const messages = Array.from({ length: 30 }, () => ({ to: bob, title: 'Alice' }))
  const plain = await sendRaw(`${service.url}/send`, { body: JSON.stringify(messages) })
  const zipped = await sendRaw(`${service.url}/send`, {
    headers: { 'content-encoding': 'gzip', 'accept-encoding': 'gzip, deflate' },
    body: gzipSync(JSON.stringify(messages)),
  })
  expect(plain.headers['content-encoding']).toBeUndefined()
  expect(zipped.headers['content-encoding']).toBe('gzip')
  expect(ticketIds(plain)).toHaveLength(30)
  expect(ticketIds(zipped)).toHaveLength(30)
  const [first, second] = service.events.ofType('request')
  expect(second?.json).toEqual(messages)
  expect(second?.bodyBytes).toBeLessThan(Number(first?.bodyBytes) / 5)
})

test('fetch of the platform is served, answer compressed or not', async () => {
  const service = await openService()
  const bob = service.install()
  const messages = Array.from({ length: 100 }, () => ({ to: bob }))
  const response = await fetch(`${service.url}/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(messages),
  })
  expect(await response.json()).toEqual({
    data: service.pushes.map(({ ticketId }) => ({ status: 'ok', id: ticketId })),
  })
})

test('any prefix serves, another path is 404, another method 405', async () => {
  const service = await openService()
  const bob = service.install()
  const { origin } = new URL(service.url)
  const body = JSON.stringify({ to: bob })
  expect(new URL(service.url).pathname).toBe('/--/api/v2/push')
  expect((await sendRaw(`${origin}/relay/of/mine/send?useFcmV1=true`, { body })).status).toBe(200)
  expect(await sendRaw(`${origin}/send/more`, { body })).toMatchObject({
    status: 404,
    json: { errors: [{ code: 'NOT_FOUND' }] },
  })
  const got = await sendRaw(`${service.url}/send`, { method: 'GET' })
  expect(got).toMatchObject({ status: 405, json: { errors: [{ code: 'METHOD_NOT_ALLOWED' }] } })
  expect(got.headers.allow).toBe('POST')
})

test('100 notifications go, 101 are refused, however they are spread', async () => {
  const service = await openService()
  const bob = service.install()
  const to = (count: number) => Array.from({ length: count }, () => bob)
  const fits = await post(service, 'send', [{ to: to(60) }, { to: to(39) }, { to: bob }])
  expect(ticketIds(fits)).toHaveLength(100)
  const refused = await post(service, 'send', [{ to: to(60) }, { to: to(40) }, { to: bob }])
  expect(refused).toMatchObject({
    status: 400,
    json: {
      errors: [
        {
          code: 'PUSH_TOO_MANY_NOTIFICATIONS',
          message:
            'You can send a maximum of 100 notifications per request (received 101); divide your requests.',
        },
      ],
    },
  })
  expect(service.pushes).toHaveLength(100)
})

test('tokens of two projects in one request are refused and told apart', async () => {
  const service = await openService()
  const bob = service.install({ projectId: '@acme/one' })
  const carol = service.install({ projectId: '@acme/two' })
  const dave = service.install({ projectId: '@acme/two' })
  const refused = await post(service, 'send', [
    { to: [bob, carol] },
    { to: [unknownToken, dave, bob] },
  ])
  expect(refused).toMatchObject({
    status: 400,
    json: {
      errors: [
        {
          code: 'PUSH_TOO_MANY_EXPERIENCE_IDS',
          details: { '@acme/one': [bob], '@acme/two': [carol, dave] },
        },
      ],
    },
  })
  expect(service.pushes).toEqual([])
})

test('600 notifications a second go for one project; the next are 429 with Retry-After', async () => {
  const clock = fakeClock()
  const service = await openService({ now: clock.now })
  const to = Array.from({ length: 100 }, () => service.install())
  const other = service.install({ projectId: '@acme/other' })
  for (let batch = 0; batch < 6; batch += 1) {
    expect((await post(service, 'send', { to })).status).toBe(200)
  }
  const refused = await post(service, 'send', { to: to[0] })
  expect(refused).toMatchObject({
    status: 429,
    headers: { 'retry-after': '1' },
    json: {
      errors: [
        {
          code: 'TOO_MANY_REQUESTS',
          message: 'Exceeded 600 notifications per second, please try again.',
        },
      ],
    },
  })
  expect((await post(service, 'send', { to: other })).status).toBe(200)
  clock.pass(999)
  expect((await post(service, 'send', { to: to[0] })).status).toBe(429)
  clock.pass(1)
  expect((await post(service, 'send', { to: to[0] })).status).toBe(200)
})

test('a service with an access token turns away who has none or a wrong one, at both addresses', async () => {
  const service = await openService({ requireAccessToken: 'secret' })
  const bob = service.install()
  const send = (headers: Record<string, string>) =>
    sendRaw(`${service.url}/send`, { headers, body: JSON.stringify({ to: bob }) })
  const unauthorized = { status: 401, json: { errors: [{ code: 'UNAUTHORIZED' }] } }
  expect(await send({})).toMatchObject(unauthorized)
  expect(await send({ authorization: 'Bearer other' })).toMatchObject(unauthorized)
  expect(await post(service, 'getReceipts', { ids: [] })).toMatchObject(unauthorized)
  expect(service.pushes).toEqual([])
  expect((await send({ authorization: 'Bearer secret' })).status).toBe(200)
})

test('an app taken off the phone is not registered any more, told in the ticket', async () => {
  const service = await openService()
  const bob = service.install()
  expect(service.uninstall(bob)).toBe(true)
  expect(service.uninstall(bob)).toBe(false)
  expect(service.uninstall(unknownToken)).toBe(false)
  const answer = await post(service, 'send', { to: bob })
  expect(answer.json).toMatchObject({
    data: { status: 'error', details: { error: 'DeviceNotRegistered', expoPushToken: bob } },
  })
  expect(service.events.ofType('ticket-error')).toMatchObject([
    { token: bob, error: 'DeviceNotRegistered', request: 1 },
  ])
  service.install({ token: bob })
  expect((await post(service, 'send', { to: bob })).json).toMatchObject({ data: { status: 'ok' } })
})

test('unknown tokens are accepted when the service is told to', async () => {
  const service = await openService({ acceptUnknownTokens: true })
  expect(ticketIds(await post(service, 'send', { to: unknownToken, title: 'x' }))).toHaveLength(1)
  expect(service.pushes).toMatchObject([{ projectId: undefined, platform: undefined }])
})

test('requests in flight are counted, so that a limit on them can be tested', async () => {
  const service = await openService()
  const bob = service.install()
  const { promise: until, resolve: release } = Promise.withResolvers<void>()
  service.answerNext({ kind: 'hold', until }, { times: 3 })
  const third = service.events.waitFor('request', ({ request }) => request === 3)
  const sent = [1, 2, 3].map(() => post(service, 'send', { to: bob }))
  expect((await third).inFlight).toBe(3)
  release()
  await Promise.all(sent)
  const after = service.events.waitFor('request')
  await post(service, 'send', { to: bob })
  expect((await after).inFlight).toBe(1)
})

test('a port in use and a delay that is no number are told at once', async () => {
  const service = await openService()
  const port = Number(new URL(service.url).port)
  await expect(openService({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await expect(openService({ receiptDelayMs: NaN })).rejects.toMatchObject({
    code: 'INVALID_OPTION',
  })
  expect(() => service.install({ token: 'abc' })).toThrow('token must look like')
  expect(() => service.phone('abc')).toThrow('no phone has the token "abc"')
})
