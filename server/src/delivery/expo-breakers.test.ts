import { expect, test } from 'vitest'
import { createExpoBreakers } from './expo-breakers.ts'

const tenMinutesMs = 600_000

function lab() {
  const clock = { nowMs: 1_795_300_000_000 }
  return { clock, breakers: createExpoBreakers(() => clock.nowMs) }
}

const android = { projectId: 'p', platform: 'android' } as const
const iphone = { projectId: 'p', platform: 'ios' } as const
const elsewhere = { projectId: 'other', platform: 'android' } as const

test.each(['invalid_credentials', 'unauthorized', 'not_expo'] as const)(
  'after %s nothing is sent to that project for ten minutes, and then it is tried again',
  (reason) => {
    const { clock, breakers } = lab()
    const untilMs = clock.nowMs + tenMinutesMs
    expect(breakers.open(android, reason)).toEqual({ untilMs, reason })
    expect(breakers.holdOf(iphone)).toEqual({ untilMs, reason })
    expect(breakers.holdOf(elsewhere)).toBeNull()
    clock.nowMs += tenMinutesMs
    expect(breakers.holdOf(iphone)).toBeNull()
  },
)

test('a mismatch with Google concerns the Android phones of that project', () => {
  const { breakers } = lab()
  breakers.open(android, 'mismatched_sender')
  expect(breakers.holdOf(android)?.reason).toBe('mismatched_sender')
  expect(breakers.holdOf(iphone)).toBeNull()
  expect(breakers.holdOf({ projectId: 'p', platform: null })).toBeNull()
})

test('refusals of what was under way do not make it longer', () => {
  const { clock, breakers } = lab()
  const first = breakers.open(android, 'invalid_credentials')
  clock.nowMs += 5000
  expect(breakers.open(iphone, 'invalid_credentials')).toEqual(first)
})

test('what is not the fault of the project opens nothing', () => {
  const { breakers } = lab()
  for (const reason of ['payload_too_large', 'developer_error', 'token_invalid'] as const)
    expect(breakers.open(android, reason)).toBeNull()
  expect(breakers.holdOf(android)).toBeNull()
})

test('phones of which the project is not known are one project', () => {
  const { breakers } = lab()
  breakers.open({ projectId: null, platform: null }, 'invalid_credentials')
  expect(breakers.holdOf({ projectId: null, platform: 'ios' })).not.toBeNull()
  expect(breakers.holdOf(android)).toBeNull()
})
