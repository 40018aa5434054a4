import { expect, test } from 'vitest'
import type { Reader } from '../../sqlite/sqlite-file.ts'
import type { QueuedMessage } from './queue-table.ts'
import { waitingMessages } from './waiting-messages.ts'

const queue = 'web-push.chat'
const t0 = 1_000_000

const message = (seq: number, dueMs = t0): QueuedMessage => ({
  seq,
  queue,
  dueMs,
  publishedMs: t0,
  tries: 0,
  throws: 0,
  body: `${seq}`,
})

/** A table of one queue that counts how often it is read. */
function lab() {
  const table: QueuedMessage[] = []
  const clock = { nowMs: t0 }
  let reads = 0
  const read: Reader = {
    all(_sql, [, afterMs, afterSeq, untilMs] = []) {
      reads += 1
      const isAfter = ({ dueMs, seq }: QueuedMessage) =>
        dueMs > Number(afterMs) || (dueMs === afterMs && seq > Number(afterSeq))
      return table
        .filter((each) => isAfter(each) && each.dueMs <= Number(untilMs))
        .toSorted((one, other) => one.dueMs - other.dueMs || one.seq - other.seq)
        .map(({ dueMs: due_ms, publishedMs: published_ms, ...rest }) => ({
          ...rest,
          due_ms,
          published_ms,
        }))
    },
    get(_sql, [, afterMs] = []) {
      const due = table.map(({ dueMs }) => dueMs).filter((dueMs) => dueMs > Number(afterMs))
      return due.length === 0 ? null : { due_ms: Math.min(...due) }
    },
  }
  const waiting = waitingMessages({ read, queue, clock: () => clock.nowMs })
  const takeAll = () => {
    const taken: number[] = []
    for (let next = waiting.take(); next !== null; next = waiting.take()) taken.push(next.seq)
    return taken
  }
  expect(takeAll()).toEqual([])
  reads = 0
  return { table, clock, waiting, takeAll, reads: () => reads }
}

test('what is offered to a queue that is read to its end is given without being read back', () => {
  const { table, waiting, takeAll, reads } = lab()
  for (const seq of [1, 2]) {
    table.push(message(seq))
    waiting.offer(message(seq))
    expect(takeAll()).toEqual([seq])
  }
  expect(reads()).toBe(0)
})

test('several that are offered before one is taken all come, in their order and once', () => {
  const { table, waiting, takeAll } = lab()
  table.push(message(1), message(2), message(3))
  for (const seq of [1, 2, 3]) waiting.offer(message(seq))
  expect(takeAll()).toEqual([1, 2, 3])
})

test('what was read with a page before it was offered comes once', () => {
  const { table, waiting, takeAll } = lab()
  table.push(message(1))
  waiting.added(t0)
  expect(takeAll()).toEqual([1])
  waiting.offer(message(1))
  expect(takeAll()).toEqual([])
})

test('what was delayed and is due at the same moment, or before, is passed over by none that is offered', () => {
  for (const delayedMs of [t0 + 5, t0 + 10]) {
    const { table, clock, waiting, takeAll } = lab()
    table.push(message(1, delayedMs))
    waiting.added(delayedMs)
    clock.nowMs = t0 + 10
    table.push(message(2, clock.nowMs))
    waiting.offer(message(2, clock.nowMs))
    expect(takeAll()).toEqual([1, 2])
  }
})

test('what is delayed for longer waits on, and what is offered meanwhile does not wait for it', () => {
  const { table, clock, waiting, takeAll } = lab()
  table.push(message(1, t0 + 50))
  waiting.added(t0 + 50)
  table.push(message(2))
  waiting.offer(message(2))
  expect(takeAll()).toEqual([2])
  expect(waiting.nextDueMs()).toBe(t0 + 50)
  clock.nowMs = t0 + 50
  expect(takeAll()).toEqual([1])
})
