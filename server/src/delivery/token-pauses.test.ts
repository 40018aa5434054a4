import { expect, test } from 'vitest'
import { createTokenPauses } from './token-pauses.ts'

const minuteMs = 60_000

function lab() {
  const clock = { nowMs: 1_795_300_000_000 }
  return { clock, pauses: createTokenPauses(() => clock.nowMs) }
}

test('a phone that gets too much is left alone for a minute, then two, up to an hour', () => {
  const { clock, pauses } = lab()
  const minutes: number[] = []
  for (let n = 0; n < 8; n += 1) {
    const ms = pauses.nextMs('phone')
    minutes.push(ms / minuteMs)
    clock.nowMs += ms
  }
  expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
})

test('said of ten messages of one moment, it is one pause', () => {
  const { clock, pauses } = lab()
  expect(pauses.nextMs('phone')).toBe(minuteMs)
  clock.nowMs += 20_000
  expect(pauses.nextMs('phone')).toBe(40_000)
  clock.nowMs += 40_000
  expect(pauses.nextMs('phone')).toBe(2 * minuteMs)
})

test('an hour without it, and it begins with a minute again; other phones are no matter', () => {
  const { clock, pauses } = lab()
  clock.nowMs += pauses.nextMs('phone')
  clock.nowMs += pauses.nextMs('phone')
  expect(pauses.nextMs('other')).toBe(minuteMs)
  clock.nowMs += 60 * minuteMs + 1
  expect(pauses.nextMs('phone')).toBe(minuteMs)
})
