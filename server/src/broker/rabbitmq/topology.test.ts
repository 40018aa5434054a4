import { expect, test } from 'vitest'
import { laneDeclarations, queueDeclarations, retryRoute } from './topology.ts'

test('the lanes of both push workers are declared with their retries, whatever roles a process has, and the dead', () => {
  expect(queueDeclarations().map(({ name }) => name)).toEqual([
    'dead',
    'web-push.chat',
    'web-push.chat.retry.1s',
    'web-push.chat.retry.5s',
    'web-push.chat.retry.30s',
    'web-push.chat.retry.2m',
    'web-push.chat.retry.10m',
    'web-push.calls',
    'web-push.calls.retry.1s',
    'expo-push.chat',
    'expo-push.chat.retry.1s',
    'expo-push.chat.retry.5s',
    'expo-push.chat.retry.30s',
    'expo-push.chat.retry.2m',
    'expo-push.chat.retry.10m',
    'expo-push.calls',
    'expo-push.calls.retry.1s',
  ])
})

test('both push workers hear of every event', () => {
  const bound = queueDeclarations().flatMap(({ name, boundTo }) =>
    boundTo.map((key) => `${key} -> ${name}`),
  )
  expect(bound.sort()).toEqual([
    'call.ended -> expo-push.calls',
    'call.ended -> web-push.calls',
    'call.incoming -> expo-push.calls',
    'call.incoming -> web-push.calls',
    'chat.message -> expo-push.chat',
    'chat.message -> web-push.chat',
  ])
})

test('every queue is replicated', () => {
  for (const { arguments: args } of queueDeclarations())
    expect(args).toMatchObject({ 'x-queue-type': 'quorum' })
})

test('a lane takes its own events, and lets go of them to the dead after twenty deliveries or a day', () => {
  const [lane] = laneDeclarations('web-push.calls')
  expect(lane).toEqual({
    name: 'web-push.calls',
    boundTo: ['call.incoming', 'call.ended'],
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': 20,
      'x-message-ttl': 86_400_000,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': 'dead',
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
    },
  })
})

test.each([
  [0, 'web-push.chat', 0],
  [-5, 'web-push.chat', 0],
  [Number.NaN, 'web-push.chat', 0],
  [1, 'web-push.chat.retry.1s', 0],
  [1000, 'web-push.chat.retry.1s', 0],
  [1001, 'web-push.chat.retry.5s', 0],
  [6000, 'web-push.chat.retry.30s', 0],
  [100_000, 'web-push.chat.retry.2m', 0],
  [600_000, 'web-push.chat.retry.10m', 0],
  [900_000, 'web-push.chat.retry.10m', 300_000],
])(
  'a chat delivery that waits %d ms goes to %s, with %d ms to wait after it',
  (delayMs, queue, remainingMs) => {
    expect(retryRoute('web-push.chat', delayMs)).toEqual({ queue, remainingMs })
  },
)

test('a call delivery waits by the second, as often as it must', () => {
  expect(retryRoute('web-push.calls', 2500.5)).toEqual({
    queue: 'web-push.calls.retry.1s',
    remainingMs: 1501,
  })
})
