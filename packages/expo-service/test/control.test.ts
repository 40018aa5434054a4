import { expect, test } from 'vitest'
import type { ExpoService } from '../src/index.ts'
import { openService, post, sendRaw, ticketIds } from './sender.ts'

const address = (service: ExpoService, name: string) =>
  `${new URL(service.url).origin}/control/${name}`

function control(service: ExpoService, name: string, json: unknown) {
  return sendRaw(address(service, name), { body: JSON.stringify(json) })
}

const look = async (service: ExpoService, name: string) =>
  (await sendRaw(address(service, name), { method: 'GET' })).json

test('a phone is installed, pushed to, looked at and taken off over HTTP', async () => {
  const service = await openService()
  const token = 'ExponentPushToken[bob]'
  const installed = await control(service, 'install', {
    token,
    platform: 'android',
    projectId: '@acme/chat',
    channels: ['calls_v1'],
  })
  expect(installed.json).toEqual({ token })
  await post(service, 'send', [
    { to: token, title: 'Alice', tag: 't' },
    { to: token, data: { callId: 'c1' } },
    { to: token, title: 'lost', channelId: 'other' },
  ])
  const [shown, headless] = service.pushes
  expect(await look(service, 'phones')).toEqual({
    phones: [
      {
        token,
        platform: 'android',
        projectId: '@acme/chat',
        installed: true,
        badge: 0,
        visible: [
          { identifier: 't', title: 'Alice', data: {}, push: shown?.ticketId, replaced: 0 },
        ],
        forTask: [{ push: headless?.ticketId, data: { callId: 'c1' } }],
      },
    ],
  })
  expect(await look(service, 'pushes')).toMatchObject({
    pushes: [{ token, message: { title: 'Alice' } }, {}, {}],
  })
  const taken = await control(service, 'uninstall', { token, deviceNotRegisteredIn: 'receipt' })
  expect(taken.json).toEqual({ uninstalled: true })
  await post(service, 'send', { to: token })
  expect(service.pushes.at(-1)?.receipt).toBe('DeviceNotRegistered')
})

test.each([
  { kind: 'status', status: 503, retryAfter: 'soon', body: 'down' },
  { kind: 'named', code: 'TOO_MANY_REQUESTS' },
  { kind: 'html', status: 502 },
  { kind: 'short' },
  { kind: 'data', data: [7] },
  { kind: 'redirect', location: 'http://127.0.0.1:9/' },
])('the answer $kind is given over HTTP as in a program', async (answer) => {
  const [service, twin] = [await openService(), await openService()]
  const to = service.install()
  twin.install({ token: to })
  expect((await control(service, 'answer', { answer })).json).toEqual({})
  const scripted = {
    status: { kind: 'status', status: 503, retryAfter: 'soon', body: 'down' },
    named: { kind: 'named', code: 'TOO_MANY_REQUESTS' },
    html: { kind: 'html', status: 502 },
    short: { kind: 'short' },
    data: { kind: 'data', data: [7] },
    redirect: { kind: 'redirect', location: 'http://127.0.0.1:9/' },
  } as const
  for (const one of Object.values(scripted)) if (one.kind === answer.kind) twin.answerNext(one)
  const [first, second] = [await post(service, 'send', { to }), await post(twin, 'send', { to })]
  expect(first.text).toBe(second.text)
  expect(first.status).toBe(second.status)
  expect(first.headers['retry-after']).toBe(second.headers['retry-after'])
  expect(first.headers.location).toBe(second.headers.location)
  expect((await post(service, 'send', { to })).json).toMatchObject({ data: { status: 'ok' } })
})

test('errors of one token, lost answers and late receipts can be asked for over HTTP', async () => {
  const service = await openService()
  const [bob, carol] = [service.install(), service.install()]
  const ask = (json: unknown) => control(service, 'answer', json)
  await ask({ answer: { kind: 'ticket-error', error: 'ExpoError' }, token: bob, times: 'forever' })
  await ask({
    answer: { kind: 'receipt-error', error: 'MessageTooBig', message: 'm', details: { a: 1 } },
    token: carol,
  })
  await ask({ answer: { kind: 'receipt-delay', delayMs: 'forever' }, token: carol, times: 2 })
  const sent = await post(service, 'send', { to: [bob, carol, bob] })
  expect(sent.json).toMatchObject({
    data: [
      { details: { error: 'ExpoError' } },
      { status: 'ok' },
      { details: { error: 'ExpoError' } },
    ],
  })
  expect(service.pushes).toMatchObject([{ receipt: 'MessageTooBig' }])
  const late = ticketIds(await post(service, 'send', { to: carol }))
  expect((await post(service, 'getReceipts', { ids: late })).json).toEqual({ data: {} })
  await ask({ answer: { kind: 'reset', accept: true } })
  await expect(post(service, 'send', { to: carol })).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(service.pushes).toHaveLength(3)
  await ask({ answer: { kind: 'reset', when: 'before-body' }, endpoint: 'getReceipts' })
  await expect(post(service, 'getReceipts', { ids: [] })).rejects.toMatchObject({
    code: 'ECONNRESET',
  })
  await ask({ answer: { kind: 'never', accept: true } })
  const scripted = service.events.waitFor('scripted')
  const hanging = expect(post(service, 'send', { to: carol })).rejects.toMatchObject({
    code: 'ECONNRESET',
  })
  expect((await scripted).kind).toBe('never')
  expect(service.pushes).toHaveLength(4)
  await ask({ answer: { kind: 'drip', everyMs: 1 } })
  const dripping = service.events.waitFor('scripted')
  const cut = expect(post(service, 'send', { to: carol })).rejects.toMatchObject({
    code: 'ECONNRESET',
  })
  expect((await dripping).kind).toBe('drip')
  await service.close()
  await Promise.all([hanging, cut])
})

test('what was asked for is taken back', async () => {
  const service = await openService()
  const bob = service.install()
  await control(service, 'answer', { answer: { kind: 'status', status: 500 }, times: 'forever' })
  expect((await post(service, 'send', { to: bob })).status).toBe(500)
  await control(service, 'clear', {})
  expect((await post(service, 'send', { to: bob })).status).toBe(200)
})

test.each([
  ['install', { platform: 'windows' }],
  ['install', { token: 'abc' }],
  ['uninstall', {}],
  ['answer', {}],
  ['answer', { answer: { kind: 'toString' } }],
  ['answer', { answer: { kind: 'hold' } }],
  ['answer', { answer: { kind: 'status', status: 99 } }],
  ['answer', { answer: { kind: 'named', code: 'NO_SUCH' } }],
  ['answer', { answer: { kind: 'ticket-error', error: 'NoSuch' } }],
  ['answer', { answer: { kind: 'receipt-delay' } }],
  ['answer', { answer: { kind: 'redirect' } }],
  ['answer', { answer: { kind: 'html' }, times: -1 }],
  ['answer', { answer: { kind: 'html' }, endpoint: 'elsewhere' }],
  ['answer', { answer: { kind: 'html' }, token: 1 }],
  ['answer', { answer: { kind: 'reset', when: 'before-body' }, token: 'ExpoPushToken[a]' }],
  ['answer', []],
])('%s turns %j away', async (name, json) => {
  const service = await openService()
  expect(await control(service, name, json)).toMatchObject({
    status: 400,
    json: { errors: [{ code: 'VALIDATION_ERROR' }] },
  })
})

test('an unknown control is named as such, and what a form of another site can send does nothing', async () => {
  const service = await openService()
  expect((await control(service, 'explode', {})).status).toBe(404)
  const form = await sendRaw(address(service, 'install'), {
    headers: { 'content-type': 'text/plain' },
    body: '{}',
  })
  expect(form.status).toBe(400)
  expect(await look(service, 'phones')).toEqual({ phones: [] })
})
