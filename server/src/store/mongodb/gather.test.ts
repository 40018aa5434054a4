import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { gather, gatherByKey } from './gather.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Commands that end when they are told to. */
function lab() {
  const commands: Array<{ asks: readonly number[]; end: () => void; fail: (why: Error) => void }> =
    []
  const ask = gather((asks: readonly number[]) => {
    const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>()
    commands.push({ asks, end: () => resolve(asks.map((each) => `a${each}`)), fail: reject })
    return promise
  })
  return { ask, commands, asked: () => commands.map(({ asks }) => asks) }
}

test('what is asked while a command is under way goes into the next one, and each has its own answer', async () => {
  const { ask, commands, asked } = lab()
  const answers = Promise.all([1, 2, 3].map(ask))
  expect(asked()).toEqual([[1]])
  commands[0]?.end()
  await vi.advanceTimersByTimeAsync(0)
  expect(asked()).toEqual([[1], [2, 3]])
  commands[1]?.end()
  expect(await answers).toEqual(['a1', 'a2', 'a3'])
  expect(vi.getTimerCount()).toBe(0)
})

test('a command asks for 64 at most, and the rest goes into the one after', async () => {
  const { ask, commands, asked } = lab()
  const answers = Promise.all(Array.from({ length: 100 }, (_, n) => ask(n)))
  for (let n = 0; n < 3; n += 1) {
    commands[n]?.end()
    await vi.advanceTimersByTimeAsync(0)
  }
  await answers
  expect(asked().map((asks) => asks.length)).toEqual([1, 64, 35])
})

test('a command that fails fails for those in it, and for nobody else', async () => {
  const { ask, commands } = lab()
  const [first, second, third] = [1, 2, 3].map(ask)
  commands[0]?.end()
  expect(await first).toBe('a1')
  await vi.advanceTimersByTimeAsync(0)
  const cut = new Error('cut')
  commands[1]?.fail(cut)
  expect(await Promise.allSettled([second, third])).toEqual([
    { status: 'rejected', reason: cut },
    { status: 'rejected', reason: cut },
  ])
  await vi.advanceTimersByTimeAsync(0)
  const fourth = ask(4)
  commands[2]?.end()
  expect(await fourth).toBe('a4')
})

test('a command that hangs is not waited for by the others', async () => {
  const { ask, commands, asked } = lab()
  void ask(1)
  const second = ask(2)
  await vi.advanceTimersByTimeAsync(249)
  expect(asked()).toEqual([[1]])
  await vi.advanceTimersByTimeAsync(1)
  expect(asked()).toEqual([[1], [2]])
  commands[1]?.end()
  expect(await second).toBe('a2')
})

test('keys that several ask for are looked up once, and each is given what is of its own', async () => {
  const lookups: string[][] = []
  const byOwner = gatherByKey(
    async (owners) => {
      lookups.push(owners)
      return owners.flatMap((owner) =>
        [`${owner}:1`, `${owner}:2`].filter(() => owner !== 'nobody'),
      )
    },
    (device) => device.split(':')[0] ?? '',
  )
  const asks = [['x'], ['ana', 'bob', 'ana'], ['bob', 'nobody'], []]
  const answers = await Promise.all(asks.map(byOwner))
  expect(answers.slice(1)).toEqual([['ana:1', 'ana:2', 'bob:1', 'bob:2'], ['bob:1', 'bob:2'], []])
  expect(lookups).toEqual([['x'], ['ana', 'bob', 'nobody']])
})
