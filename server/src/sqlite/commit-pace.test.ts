import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createCommitPace } from './commit-pace.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setImmediate'] }))
afterEach(() => void vi.useRealTimers())

/** Writes that wait, and after how many turns of the event loop they were committed. */
function lab(mostAtOnce = 1000) {
  let waiting = 0
  let turns = 0
  const commits: Array<{ turn: number; writes: number }> = []
  const pace = createCommitPace({
    waiting: () => waiting,
    commit() {
      const writes = Math.min(waiting, mostAtOnce)
      waiting -= writes
      commits.push({ turn: turns, writes })
    },
  })
  return {
    commits,
    ask(patient: boolean, times = 1) {
      for (let each = 0; each < times; each += 1) {
        waiting += 1
        pace.asked(patient)
      }
    },
    turn(times = 1) {
      for (let each = 0; each < times; each += 1) {
        turns += 1
        vi.advanceTimersToNextTimer()
      }
    },
  }
}

test('a write in a hurry is committed at the next turn, with all that waits', () => {
  const { ask, turn, commits } = lab()
  ask(true, 5)
  turn()
  ask(false)
  turn()
  expect(commits).toEqual([{ turn: 2, writes: 6 }])
})

test('patient writes wait for company, and not for ever', () => {
  const { ask, turn, commits } = lab()
  ask(true)
  turn()
  ask(true, 2)
  turn(10)
  expect(commits).toEqual([{ turn: 9, writes: 3 }])
})

test('a crowd waits for nobody', () => {
  const { ask, turn, commits } = lab()
  ask(true, 100)
  turn()
  expect(commits).toEqual([{ turn: 1, writes: 100 }])
})

test('what one commit cannot take follows at the next turn', () => {
  const { ask, turn, commits } = lab(60)
  ask(true, 100)
  turn(2)
  expect(commits).toEqual([
    { turn: 1, writes: 60 },
    { turn: 2, writes: 40 },
  ])
})

test('nothing is committed where nothing waits', () => {
  const { ask, turn, commits } = lab()
  ask(false)
  turn()
  turn(5)
  expect(commits).toHaveLength(1)
  ask(true)
  turn(9)
  expect(commits).toHaveLength(2)
})
