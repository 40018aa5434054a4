import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  refusal,
  takesAll,
  tickets,
  type Answer,
  type SeenMessage,
  type SeenRequest,
} from '../../test/fake-expo.ts'
import { chatTo, startSenderForTest, tokenOf } from '../../test/start-sender.ts'
import type { Outcome } from './outcome.ts'

const names = (count: number) => Array.from({ length: count }, (_, index) => `d${index}`)

/** The one way to say it that Expo's readers agree on: project name to tokens. */
const mixed = (messages: readonly SeenMessage[], projectOf: (token: string) => string): Answer => {
  const byProject = Map.groupBy(messages, ({ to }) => projectOf(to))
  const details = Object.fromEntries(
    [...byProject].map(([project, group]) => [project, group.map(({ to }) => to)]),
  )
  return refusal(400, 'PUSH_TOO_MANY_EXPERIENCE_IDS', details)
}

test('of a refused request exactly the bad messages are rejected, the others arrive once, and it is quick', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 100 }),
      fc.array(fc.nat(99), { maxLength: 6 }),
      async (count, badIndexes) => {
        const bad = new Set(badIndexes.filter((index) => index < count).map((index) => `d${index}`))
        const arrived: string[] = []
        const { sender, clock, expo } = startSenderForTest(
          ({ messages }) => {
            if (messages.some(({ id }) => bad.has(id))) return refusal(400, 'VALIDATION_ERROR')
            arrived.push(...messages.map(({ id }) => id))
            return { json: { data: tickets(messages) } }
          },
          { maxPerSecond: 10_000 },
        )
        const sends = names(count).map(async (name) => ({
          name,
          outcome: await sender.send(chatTo(name)),
        }))
        const outcomes = await clock.finish(Promise.all(sends))
        for (const { name, outcome } of outcomes) {
          if (bad.has(name)) expect(outcome).toMatchObject({ kind: 'rejected', status: 400 })
          else expect(outcome).toMatchObject({ kind: 'accepted', ticketId: `ticket-${name}` })
        }
        expect(arrived.toSorted()).toEqual(
          names(count)
            .filter((name) => !bad.has(name))
            .toSorted(),
        )
        const rounds = Math.ceil(Math.log2(count))
        expect(expo.requests.length).toBeLessThanOrEqual(1 + 2 * bad.size * rounds)
      },
    ),
    { numRuns: 100 },
  )
})

test('a bad message is named to the operator by the code that Expo gave, never by what it quoted', async () => {
  const { sender, clock } = startSenderForTest(() => ({
    status: 400,
    json: { errors: [{ code: 'VALIDATION_ERROR', message: `"${tokenOf('d0')}" is not valid` }] },
  }))
  expect(await clock.finish(sender.send(chatTo('d0')))).toEqual({
    kind: 'rejected',
    reason: 'bad_request',
    status: 400,
    hint: 'Expo refuses this message: report it with the error code (VALIDATION_ERROR).',
  })
})

test('tokens of several projects that were sent together are sent again apart, and the project is learnt', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('@ana/chat', '@ana/calls', '@bob/shop'), {
        minLength: 1,
        maxLength: 100,
      }),
      async (projects) => {
        const projectOf = new Map(projects.map((project, index) => [tokenOf(`d${index}`), project]))
        const { sender, clock, expo } = startSenderForTest(
          (request) => {
            const { messages } = request
            const isMixed = new Set(messages.map(({ to }) => projectOf.get(to))).size > 1
            return isMixed
              ? mixed(messages, (token) => projectOf.get(token) ?? '')
              : takesAll(request)
          },
          { maxPerSecond: 10_000 },
        )
        const sends = names(projects.length).map((name) =>
          sender.send(chatTo(name, { projectId: null })),
        )
        const outcomes = await clock.finish(Promise.all(sends))
        const count = new Set(projects).size
        for (const [index, outcome] of outcomes.entries()) {
          expect(outcome).toEqual({
            kind: 'accepted',
            status: 200,
            ticketId: `ticket-d${index}`,
            ...(count > 1 ? { learntProjectId: projects[index] } : {}),
          })
        }
        expect(expo.requests.length).toBe(count > 1 ? 1 + count : 1)
      },
    ),
    { numRuns: 60 },
  )
})

test('an answer that says "several projects" and does not say which comes to an end all the same', async () => {
  for (const details of [undefined, {}, [], 'x', { a: 'b' }, { '@ana/chat': [tokenOf('zed')] }]) {
    const { sender, clock, expo } = startSenderForTest(({ messages }) =>
      messages.length > 1
        ? refusal(400, 'PUSH_TOO_MANY_EXPERIENCE_IDS', details)
        : { json: { data: tickets(messages) } },
    )
    const sends = names(5).map((name) => sender.send(chatTo(name, { projectId: null })))
    const outcomes = await clock.finish(Promise.all(sends))
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(5).fill('accepted'))
    expect(expo.requests.length).toBe(9)
  }
})

test('a learnt project is told with whatever becomes of the push', async () => {
  const projectOf = (token: string) => (token === tokenOf('d0') ? '@ana/chat' : '@ana/calls')
  const { sender, clock } = startSenderForTest(({ messages }) => {
    if (messages.length > 1) return mixed(messages, projectOf)
    const details = { error: 'DeviceNotRegistered' }
    return { json: { data: [{ status: 'error', message: 'no', details }] } }
  })
  const sends = names(2).map((name) => sender.send(chatTo(name, { projectId: null })))
  const outcomes = await clock.finish(Promise.all(sends))
  const gone: Outcome = { kind: 'gone', status: 200, reason: 'device_not_registered' }
  expect(outcomes).toEqual([
    { ...gone, learntProjectId: '@ana/chat' },
    { ...gone, learntProjectId: '@ana/calls' },
  ])
})

test('a request that is too large as a whole is sent in parts; a message that is too large alone is told', async () => {
  const size = ({ json }: SeenRequest) => JSON.stringify(json).length
  const { sender, clock } = startSenderForTest((request) =>
    size(request) > 5000 ? { status: 413, text: 'too large' } : takesAll(request),
  )
  const pushTo = (name: string, length: number) =>
    chatTo(name, { message: { to: tokenOf(name), data: { id: name, text: 'x'.repeat(length) } } })
  const lengths = [2000, 2000, 6000, 2000, 2000]
  const sends = lengths.map((length, index) => sender.send(pushTo(`d${index}`, length)))
  const outcomes = await clock.finish(Promise.all(sends))
  expect(outcomes.map(({ kind }) => kind)).toEqual([
    'accepted',
    'accepted',
    'rejected',
    'accepted',
    'accepted',
  ])
  expect(outcomes[2]).toMatchObject({ reason: 'payload_too_large', status: 413 })
})

test('who gave up while the request was refused is not sent again', async () => {
  const { sender, clock, expo } = startSenderForTest((request) =>
    request.messages.length > 1
      ? { ...refusal(400, 'VALIDATION_ERROR'), afterMs: 1000 }
      : takesAll(request),
  )
  const sends = [
    sender.send(chatTo('d0', { deadlineMs: 500 })),
    sender.send(chatTo('d1')),
    sender.send(chatTo('d2')),
  ]
  const outcomes = await clock.finish(Promise.all(sends))
  expect(outcomes[0]).toEqual({ kind: 'retry', reason: 'timeout', ambiguous: true })
  expect(outcomes.slice(1).map(({ kind }) => kind)).toEqual(['accepted', 'accepted'])
  expect(expo.requests.slice(1).flatMap(({ messages }) => messages.map(({ id }) => id))).toEqual([
    'd1',
    'd2',
  ])
})
