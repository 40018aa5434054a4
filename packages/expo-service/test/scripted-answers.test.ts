import { once } from 'node:events'
import { connect } from 'node:net'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import {
  deliveryErrors,
  requestErrors,
  type DeliveryErrorCode,
  type RequestErrorCode,
} from '../src/index.ts'
import { fakeClock, openService, post, sendRaw, ticketIds } from './sender.ts'

const deliveryCodes: DeliveryErrorCode[] = [
  'DeviceNotRegistered',
  'MessageTooBig',
  'MessageRateExceeded',
  'MismatchSenderId',
  'InvalidCredentials',
  'InvalidProviderToken',
  'DeveloperError',
  'ExpoError',
  'ProviderError',
]

const requestCodes: [RequestErrorCode, number][] = [
  ['VALIDATION_ERROR', 400],
  ['PUSH_TOO_MANY_NOTIFICATIONS', 400],
  ['PUSH_TOO_MANY_RECEIPTS', 400],
  ['PUSH_TOO_MANY_EXPERIENCE_IDS', 400],
  ['UNAUTHORIZED', 401],
  ['TOO_MANY_REQUESTS', 429],
  ['INTERNAL_SERVER_ERROR', 500],
]

test('the table of delivery errors is what can be asked for', () => {
  expect(Object.keys(deliveryErrors)).toEqual(deliveryCodes)
  expect(Object.keys(requestErrors)).toEqual(expect.arrayContaining(requestCodes.map(([c]) => c)))
})

test.each(deliveryCodes)('%s can be told in the ticket of one token', async (error) => {
  const service = await openService()
  const [bob, carol] = [service.install(), service.install()]
  service.answerNext({ kind: 'ticket-error', error }, { token: carol })
  const answer = await post(service, 'send', { to: [bob, carol, carol] })
  expect(answer.json).toMatchObject({
    data: [{ status: 'ok' }, { status: 'error', details: { error } }, { status: 'ok' }],
  })
  expect(service.phone(carol).received).toHaveLength(1)
})

test.each(deliveryCodes)('%s can be told in the receipt of one token', async (error) => {
  const service = await openService()
  const [bob, carol] = [service.install(), service.install()]
  service.answerNext({ kind: 'receipt-error', error, message: 'as scripted' }, { token: carol })
  const ids = ticketIds(await post(service, 'send', { to: [bob, carol] }))
  const [ofBob = '', ofCarol = ''] = ids
  expect((await post(service, 'getReceipts', { ids })).json).toMatchObject({
    data: {
      [ofBob]: { status: 'ok' },
      [ofCarol]: { status: 'error', message: 'as scripted', details: { error } },
    },
  })
  expect(service.phone(carol).received).toEqual([])
  expect(service.pushes.map(({ receipt }) => receipt)).toEqual(['ok', error])
})

test('an error without a token hits the next notifications, as many as asked for', async () => {
  const service = await openService()
  const bob = service.install()
  service.answerNext({ kind: 'receipt-error', error: 'ExpoError' }, { times: 2 })
  await post(service, 'send', { to: [bob, bob, bob] })
  expect(service.pushes.map(({ receipt }) => receipt)).toEqual(['ExpoError', 'ExpoError', 'ok'])
})

test('an answer for ever ends when it is taken back', async () => {
  const service = await openService()
  const bob = service.install()
  const takeBack = service.answerNext(
    { kind: 'ticket-error', error: 'DeviceNotRegistered', details: { error: 'Unheard' } },
    { token: bob, times: Infinity },
  )
  const tickets = async () => (await post(service, 'send', { to: [bob, bob] })).json
  const failed = { status: 'error', details: { error: 'Unheard' } }
  expect(await tickets()).toMatchObject({ data: [failed, failed] })
  takeBack()
  expect(await tickets()).toMatchObject({ data: [{ status: 'ok' }, { status: 'ok' }] })
})

test('one receipt may come later than the others, or never', async () => {
  const clock = fakeClock()
  const service = await openService({ now: clock.now })
  const [bob, carol, dave] = [service.install(), service.install(), service.install()]
  service.answerNext({ kind: 'receipt-delay', delayMs: 60_000 }, { token: carol })
  service.answerNext({ kind: 'receipt-delay', delayMs: Infinity }, { token: dave })
  const ids = ticketIds(await post(service, 'send', { to: [bob, carol, dave] }))
  const ready = async () => {
    await post(service, 'getReceipts', { ids })
    return service.events.ofType('receipts').at(-1)?.ready
  }
  expect(await ready()).toEqual(ids.slice(0, 1))
  clock.pass(60_000)
  expect(await ready()).toEqual(ids.slice(0, 2))
  clock.pass(23 * 3_600_000)
  expect(await ready()).toEqual(ids.slice(0, 2))
})

test.each(requestCodes)('%s can be asked for by name', async (code, status) => {
  const service = await openService()
  const bob = service.install()
  service.answerNext({ kind: 'named', code })
  expect(await post(service, 'send', { to: bob })).toMatchObject({
    status,
    json: { errors: [{ code }] },
  })
  expect(service.pushes).toEqual([])
  expect((await post(service, 'send', { to: bob })).status).toBe(200)
})

test.each([400, 401, 429, 500, 502, 503])(
  'the next requests can be answered %i',
  async (status) => {
    const service = await openService()
    const bob = service.install()
    service.failWith(status, { retryAfter: 30, times: 2 })
    for (let time = 0; time < 2; time += 1) {
      const answer = await post(service, 'send', { to: bob })
      expect(answer).toMatchObject({ status, headers: { 'retry-after': '30' } })
      expect(answer.json).toMatchObject({ errors: [{ message: `Scripted answer ${status}` }] })
    }
    expect((await post(service, 'send', { to: bob })).status).toBe(200)
    expect(service.events.ofType('scripted')).toMatchObject([
      { kind: 'status', status, endpoint: 'send', request: 1 },
      { kind: 'status', status, endpoint: 'send', request: 2 },
    ])
  },
)

test('an answer for getReceipts leaves send alone', async () => {
  const service = await openService()
  const bob = service.install()
  service.failWith(503, { endpoint: 'getReceipts' })
  const ids = ticketIds(await post(service, 'send', { to: bob }))
  expect((await post(service, 'getReceipts', { ids })).status).toBe(503)
  expect((await post(service, 'getReceipts', { ids })).status).toBe(200)
})

test('an answer to a request may wait for one that holds a certain token', async () => {
  const service = await openService()
  const [bob, carol] = [service.install(), service.install()]
  service.failWith(400, { token: carol, times: Infinity })
  const statusOf = async (to: string[]) => (await post(service, 'send', { to })).status
  expect(await statusOf([bob])).toBe(200)
  expect(await statusOf([bob, carol])).toBe(400)
  expect(await statusOf([carol])).toBe(400)
})

test('a page instead of JSON, with status 200', async () => {
  const service = await openService()
  const bob = service.install()
  service.answerNext({ kind: 'html' })
  const answer = await post(service, 'send', { to: bob })
  expect(answer).toMatchObject({
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    json: undefined,
  })
  expect(answer.text).toContain('<!doctype html>')
})

test('fewer tickets or receipts than asked for, all being accepted', async () => {
  const service = await openService()
  const [bob, carol, dave] = [service.install(), service.install(), service.install()]
  service.answerNext({ kind: 'short', missing: 2 })
  service.answerNext({ kind: 'short' }, { endpoint: 'getReceipts' })
  const sent = await post(service, 'send', { to: [bob, carol, dave] })
  const ids = service.pushes.map(({ ticketId }) => ticketId)
  expect(ids).toHaveLength(3)
  expect(sent.json).toEqual({ data: [{ status: 'ok', id: ids[0] }] })
  const receipts = await post(service, 'getReceipts', { ids: ids.slice(0, 2) })
  expect(receipts.json).toEqual({ data: { [ids[0] ?? '']: { status: 'ok' } } })
  service.answerNext({ kind: 'short' })
  expect((await post(service, 'send', { to: bob })).json).toEqual({ data: [] })
})

test('tickets out of contract', async () => {
  const service = await openService()
  const bob = service.install()
  const data = [{ status: 'maybe' }, null, 7]
  service.answerNext({ kind: 'data', data })
  expect((await post(service, 'send', { to: bob })).json).toEqual({ data })
  expect(service.pushes).toEqual([])
})

test('a redirect to elsewhere', async () => {
  const service = await openService()
  const elsewhere = await openService()
  const bob = service.install()
  service.answerNext({ kind: 'redirect', location: `${elsewhere.url}/send` })
  service.answerNext({ kind: 'redirect', location: 'http://127.0.0.1:9/', status: 302 })
  expect(await post(service, 'send', { to: bob })).toMatchObject({
    status: 307,
    headers: { location: `${elsewhere.url}/send` },
  })
  expect((await post(service, 'send', { to: bob })).status).toBe(302)
  expect(elsewhere.events.all).toEqual([])
})

test.each([false, true])('an answer that never comes, accept: %j', async (accept) => {
  const service = await openService()
  const [bob, carol] = [service.install(), service.install()]
  service.answerNext({ kind: 'never', accept })
  const scripted = service.events.waitFor('scripted')
  const outcomes: string[] = []
  const sent = post(service, 'send', { to: bob }).then(
    () => outcomes.push('answered'),
    (error: unknown) => outcomes.push(String(error)),
  )
  await scripted
  // Whole round trips later there is still no answer.
  for (let time = 0; time < 3; time += 1) await post(service, 'send', { to: carol })
  expect(outcomes).toEqual([])
  expect(service.phone(bob).received).toHaveLength(accept ? 1 : 0)
  await service.close()
  await sent
  expect(outcomes).toEqual([expect.stringContaining('socket hang up')])
})

test('an answer that drips without end', async () => {
  const service = await openService()
  const bob = service.install()
  service.answerNext({ kind: 'drip', everyMs: 1 })
  const request = httpRequest(`${service.url}/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    agent: false,
  })
  request.end(JSON.stringify({ to: bob }))
  const response = await new Promise<IncomingMessage>((resolve) => {
    request.once('response', resolve)
  })
  let got = ''
  for await (const chunk of response.setEncoding('utf8')) {
    got += String(chunk)
    if (got.length >= 3) break
  }
  expect(response.statusCode).toBe(200)
  expect(got.trim()).toBe('')
})

test('the connection is reset after the request was read, accepted or not', async () => {
  const service = await openService()
  const bob = service.install()
  service.answerNext({ kind: 'reset' })
  service.answerNext({ kind: 'reset', accept: true })
  await expect(post(service, 'send', { to: bob })).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(service.pushes).toHaveLength(0)
  await expect(post(service, 'send', { to: bob })).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(service.pushes).toHaveLength(1)
})

test('the connection is reset before the body was read', async () => {
  const service = await openService()
  service.answerNext({ kind: 'reset', when: 'before-body' })
  const { hostname, port } = new URL(service.url)
  const socket = connect(Number(port), hostname)
  // A head that announces a body, and no body: whoever waits for it never answers.
  socket.write(
    'POST /--/api/v2/push/send HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n',
  )
  const [error]: unknown[] = await once(socket, 'error')
  expect(error).toMatchObject({ code: 'ECONNRESET' })
  expect(service.events.all.map(({ type }) => type)).toEqual(['scripted'])
  expect(() =>
    service.answerNext({ kind: 'reset', when: 'before-body' }, { token: 'ExpoPushToken[a]' }),
  ).toThrow('tokens are in the body')
})

test('answers queue up in order', async () => {
  const service = await openService()
  const bob = service.install()
  service.failWith(500)
  service.answerNext({ kind: 'reset', when: 'before-body' })
  service.failWith(503)
  expect((await post(service, 'send', { to: bob })).status).toBe(500)
  await expect(post(service, 'send', { to: bob })).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect((await post(service, 'send', { to: bob })).status).toBe(503)
  expect((await post(service, 'send', { to: bob })).status).toBe(200)
})

test('a lost answer: accepted, and told 502', async () => {
  const service = await openService()
  const bob = service.install()
  service.answerNext({ kind: 'status', status: 502, body: 'Bad Gateway', accept: true })
  const answer = await sendRaw(`${service.url}/send`, { body: JSON.stringify({ to: bob }) })
  expect(answer).toMatchObject({ status: 502, text: 'Bad Gateway' })
  expect(service.phone(bob).received).toHaveLength(1)
})

test('whoever hangs up in the middle of a request leaves no trace', async () => {
  const service = await openService()
  const { hostname, port } = new URL(service.url)
  const socket = connect(Number(port), hostname)
  socket.write('POST /send HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{"to"')
  await once(socket, 'connect')
  socket.destroy()
  await once(socket, 'close')
  const bob = service.install()
  expect((await post(service, 'send', { to: bob })).status).toBe(200)
  expect(service.events.all.map(({ type }) => type)).toEqual(['request', 'push'])
})

test('closing ends what hangs, and tells who waits', async () => {
  const service = await openService()
  const bob = service.install()
  service.answerNext({ kind: 'never' })
  const scripted = service.events.waitFor('scripted')
  const sent = expect(post(service, 'send', { to: bob })).rejects.toMatchObject({
    code: 'ECONNRESET',
  })
  await scripted
  const waiting = expect(service.events.waitFor('push')).rejects.toMatchObject({
    code: 'EXPO_SERVICE_CLOSED',
  })
  await service.close()
  await sent
  await waiting
})
