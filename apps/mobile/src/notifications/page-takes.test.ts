import { expect, test } from '@jest/globals'
import { pageLimitMs, pageTaker } from './page-takes.ts'

function pageWith({ isListening = true } = {}) {
  const waits: Array<{ readonly ms: number; readonly end: () => void }> = []
  const taker = pageTaker({
    isListening: () => isListening,
    wait: (ms) => new Promise((resolve) => waits.push({ ms, end: resolve })),
  })
  return { taker, waits }
}

test('a page that rang before the push came has it, without a wait', async () => {
  const { taker, waits } = pageWith()
  taker.took('call-S')
  expect(await taker.takes('call-S')).toBe(true)
  expect(waits).toEqual([])
})

test('a page that rings within half a second has it', async () => {
  const { taker, waits } = pageWith()
  const takes = taker.takes('call-S')
  taker.took('call-S')
  expect(await takes).toBe(true)
  expect(waits.map(({ ms }) => ms)).toEqual([pageLimitMs])
})

test('a page that says nothing leaves the ring to the phone', async () => {
  const { taker, waits } = pageWith()
  const takes = taker.takes('call-S')
  taker.took('call-T')
  waits[0]?.end()
  expect(await takes).toBe(false)
})

test('without a page in front nobody is waited for', async () => {
  const { taker, waits } = pageWith({ isListening: false })
  taker.took('call-S')
  expect(await taker.takes('call-S')).toBe(false)
  expect(waits).toEqual([])
})

test('a page that was left does not have the next push of that call', async () => {
  const { taker, waits } = pageWith()
  taker.took('call-S')
  taker.forget()
  const takes = taker.takes('call-S')
  waits[0]?.end()
  expect(await takes).toBe(false)
})
