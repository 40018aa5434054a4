import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { refusal, tickets, type Answer } from '../../test/fake-expo.ts'
import { chatTo, startSenderForTest, tokenOf } from '../../test/start-sender.ts'

/** What becomes of one chat when Expo answers so. */
const outcomeWhen = async (answer: Answer) => {
  const { sender, clock } = startSenderForTest(() => answer)
  return clock.finish(sender.send(chatTo('alice')))
}

const errorTicket = (details: unknown): Answer => ({
  json: { data: [{ status: 'error', message: `"${tokenOf('alice')}" is not`, details }] },
})

const receiptWhen = async (answer: Answer) => {
  const { sender, clock } = startSenderForTest(() => answer)
  return (await clock.finish(sender.receipts(['t1']))).get('t1')
}

const errorReceipt = (details: unknown): Answer => ({
  json: { data: { t1: { status: 'error', message: 'no', details } } },
})

/** `details.error`, and what it means; the same in a ticket and in a receipt. */
const messageErrors = [
  ['DeviceNotRegistered', { kind: 'gone', reason: 'device_not_registered' }, undefined],
  ['MessageTooBig', { kind: 'rejected', reason: 'payload_too_large' }, 'shorter'],
  [
    'MessageRateExceeded',
    { kind: 'retry', reason: 'token_rate_limited', retryAfterMs: 60_000, ambiguous: false },
    undefined,
  ],
  ['MismatchSenderId', { kind: 'rejected', reason: 'mismatched_sender' }, 'google-services.json'],
  ['InvalidCredentials', { kind: 'rejected', reason: 'invalid_credentials' }, 'eas credentials'],
  ['InvalidProviderToken', { kind: 'rejected', reason: 'invalid_credentials' }, 'eas credentials'],
  ['UNAUTHORIZED', { kind: 'rejected', reason: 'unauthorized' }, 'EXPO_ACCESS_TOKEN'],
  ['DeveloperError', { kind: 'rejected', reason: 'developer_error' }, 'set up wrongly'],
  ['ExpoError', { kind: 'retry', reason: 'expo_error', ambiguous: false }, undefined],
  ['ProviderError', { kind: 'retry', reason: 'provider_error', ambiguous: false }, undefined],
  ['SomethingNew', { kind: 'rejected', reason: 'unknown_error' }, '(SomethingNew).'],
] as const

test.each(messageErrors)('%s in a ticket and in a receipt is %j', async (error, expected, word) => {
  for (const outcome of [
    await outcomeWhen(errorTicket({ error })),
    await receiptWhen(errorReceipt({ error })),
  ]) {
    expect(outcome).toMatchObject({ ...expected, status: 200 })
    expect(outcome?.kind === 'rejected').toBe(word !== undefined)
    if (outcome?.kind === 'rejected') expect(outcome.hint).toContain(word)
  }
})

test.each([
  [undefined],
  [null],
  ['DeviceNotRegistered'],
  [[]],
  [{}],
  [{ error: 7 }],
  [{ error: '' }],
])('an error with the details %j names nothing, and forgets no device', async (details) => {
  expect(await outcomeWhen(errorTicket(details))).toMatchObject({ reason: 'unknown_error' })
  expect(await receiptWhen(errorReceipt(details))).toMatchObject({ reason: 'unknown_error' })
})

/** A whole request refused, and what that means for a message that was alone in it. */
const requestErrors: readonly (readonly [string, Answer, object])[] = [
  ['429', refusal(429, 'TOO_MANY_REQUESTS'), { kind: 'retry', reason: 'rate_limited' }],
  ['429 with no code', { status: 429, text: '' }, { kind: 'retry', reason: 'rate_limited' }],
  ['401', refusal(401, 'UNAUTHORIZED'), { kind: 'rejected', reason: 'unauthorized' }],
  ['400 UNAUTHORIZED', refusal(400, 'UNAUTHORIZED'), { kind: 'rejected', reason: 'unauthorized' }],
  ['401 of a proxy', { status: 401, text: 'who?' }, { kind: 'rejected', reason: 'unauthorized' }],
  ['403', { status: 403, text: '' }, { kind: 'rejected', reason: 'unauthorized' }],
  [
    'too many notifications',
    refusal(400, 'PUSH_TOO_MANY_NOTIFICATIONS'),
    { kind: 'rejected', reason: 'bad_request' },
  ],
  [
    'several projects',
    refusal(400, 'PUSH_TOO_MANY_EXPERIENCE_IDS', { '@ana/chat': [tokenOf('alice')] }),
    { kind: 'rejected', reason: 'bad_request' },
  ],
  ['400', refusal(400, 'VALIDATION_ERROR'), { kind: 'rejected', reason: 'bad_request' }],
  ['400 of a proxy', { status: 400, text: '<p>' }, { kind: 'rejected', reason: 'bad_request' }],
  ['413', { status: 413, text: '' }, { kind: 'rejected', reason: 'payload_too_large' }],
  ['422', refusal(422, 'VALIDATION_ERROR'), { kind: 'rejected', reason: 'bad_request' }],
  ['404', { status: 404, text: 'nothing here' }, { kind: 'rejected', reason: 'not_expo' }],
  ['405', { status: 405, text: '' }, { kind: 'rejected', reason: 'not_expo' }],
  ['408', { status: 408, text: '' }, { kind: 'retry', reason: 'server_error', ambiguous: false }],
  ['425', { status: 425, text: '' }, { kind: 'retry', reason: 'server_error', ambiguous: false }],
  ['500', refusal(500, 'INTERNAL'), { kind: 'retry', reason: 'server_error', ambiguous: false }],
  ['502', { status: 502, text: '' }, { kind: 'retry', reason: 'server_error', ambiguous: true }],
  ['503', { status: 503, text: '' }, { kind: 'retry', reason: 'server_error', ambiguous: false }],
  ['504', { status: 504, text: '' }, { kind: 'retry', reason: 'server_error', ambiguous: true }],
  ['302', { status: 302, text: '' }, { kind: 'retry', reason: 'redirected', ambiguous: false }],
]

test.each(requestErrors)('%s: %j', async (_name, answer, expected) => {
  expect(await outcomeWhen(answer)).toMatchObject({ ...expected, status: answer.status })
})

test.each(requestErrors)(
  '%s to a question for receipts says nothing about the push',
  async (_name, answer, expected) => {
    expect(await receiptWhen(answer)).toMatchObject({
      kind: 'notAsked',
      failure: { ...expected, status: answer.status },
    })
  },
)

test('a wait that Expo asks for with a 5xx is passed on', async () => {
  const headers = { 'retry-after': '120' }
  expect(await outcomeWhen({ status: 503, text: '', headers })).toMatchObject({
    reason: 'server_error',
    retryAfterMs: 120_000,
  })
})

test.each([
  ['a page', { text: '<html>Sign in to the airport</html>' }],
  ['nothing', { text: '' }],
  ['half a JSON', { text: '{"data":[{"status":"o' }],
  ['another JSON', { json: { ok: true } }],
  ['a list', { json: [] }],
  ['tickets that are none', { json: { data: [null] } }],
  ['a ticket of an unknown kind', { json: { data: [{ status: 'maybe' }] } }],
  ['more than 1 MiB', { text: JSON.stringify({ data: [], more: 'x'.repeat(1024 * 1024) }) }],
])('%s as a 200 leaves it open whether the push was taken', async (_name, answer) => {
  expect(await outcomeWhen(answer)).toEqual({
    kind: 'retry',
    reason: 'answer_unreadable',
    status: 200,
    ambiguous: true,
  })
})

test('a ticket alone, as Expo answers a message alone, is a ticket', async () => {
  expect(await outcomeWhen({ json: { data: { status: 'ok', id: 'T-1' } } })).toEqual({
    kind: 'accepted',
    status: 200,
    ticketId: 'T-1',
  })
})

test('a ticket without an id is accepted, and has no receipt', async () => {
  expect(await outcomeWhen({ json: { data: [{ status: 'ok' }] } })).toEqual({
    kind: 'accepted',
    status: 200,
    ticketId: null,
  })
})

test('fewer tickets than messages leave it open what became of the rest', async () => {
  const { sender, clock } = startSenderForTest(({ messages }) => ({
    json: { data: tickets(messages.slice(0, 2)) },
  }))
  const sends = ['alice', 'bob', 'carol'].map((name) => sender.send(chatTo(name)))
  expect(await clock.finish(Promise.all(sends))).toEqual([
    { kind: 'accepted', status: 200, ticketId: 'ticket-alice' },
    { kind: 'accepted', status: 200, ticketId: 'ticket-bob' },
    { kind: 'retry', reason: 'ticket_missing', status: 200, ambiguous: true },
  ])
})

test('more tickets than messages: the first ones count', async () => {
  const extra = { status: 'ok', id: 'nobody' }
  const { sender, clock } = startSenderForTest(({ messages }) => ({
    json: { data: [...tickets(messages), extra] },
  }))
  expect(await clock.finish(sender.send(chatTo('alice')))).toMatchObject({
    ticketId: 'ticket-alice',
  })
})

test('a ticket that names the token of another push forgets nobody', async () => {
  const details = { error: 'DeviceNotRegistered', expoPushToken: tokenOf('bob') }
  const { sender, clock } = startSenderForTest(() => ({
    json: {
      data: [
        { status: 'error', message: 'gone', details },
        { status: 'ok', id: 'T-1' },
      ],
    },
  }))
  const sends = ['alice', 'bob'].map((name) => sender.send(chatTo(name)))
  const open = { kind: 'retry', reason: 'answer_unreadable', status: 200, ambiguous: true }
  expect(await clock.finish(Promise.all(sends))).toEqual([open, open])
})

test('a ticket that names its own token, or one of nobody here, counts', async () => {
  for (const expoPushToken of [tokenOf('alice'), 'ExpoPushToken[alice]']) {
    const outcome = await outcomeWhen(errorTicket({ error: 'DeviceNotRegistered', expoPushToken }))
    expect(outcome).toMatchObject({ kind: 'gone' })
  }
})

test('whatever Expo answers has an outcome, and no outcome holds a token', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 200, max: 599 }),
      fc.oneof(
        fc.json().map((text) => ({ text })),
        fc.jsonValue().map((data) => ({ json: { data } })),
        fc.jsonValue().map((details) => ({
          json: { data: [{ status: 'error', message: tokenOf('alice'), details }] },
        })),
        fc.jsonValue().map((error) => ({ json: { errors: [error] } })),
        fc.string().map((code) => refusal(400, code || tokenOf('alice'))),
      ),
      async (status, answer) => {
        // A null body is all that fetch allows these.
        fc.pre(![204, 205, 304].includes(status))
        const outcome = await outcomeWhen({ ...answer, status })
        expect(['accepted', 'gone', 'retry', 'rejected']).toContain(outcome.kind)
        expect(JSON.stringify(outcome)).not.toContain(tokenOf('alice'))
        if (outcome.kind === 'rejected') expect(outcome.hint).toMatch(/^[A-Z].*[^.]\.$/)
        if (outcome.kind === 'accepted') expect(status).toBeLessThan(300)
      },
    ),
    { numRuns: 300 },
  )
})

test('Expo takes what it takes although an error stands beside the tickets', async () => {
  const { sender, clock } = startSenderForTest(({ messages }) => ({
    json: { data: tickets(messages), errors: [{ code: 'UNAUTHORIZED' }] },
  }))
  expect(await clock.finish(sender.send(chatTo('alice')))).toMatchObject({ kind: 'accepted' })
})
