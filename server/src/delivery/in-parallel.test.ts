import { expect, test } from 'vitest'
import { inParallel } from './in-parallel.ts'

test('results come in the order of the items, whoever ends first', async () => {
  const gates = [1, 2, 3].map(() => Promise.withResolvers<null>())
  const all = inParallel([0, 1, 2], 3, async (index) => {
    await gates[index]?.promise
    return index * 10
  })
  for (const gate of gates.toReversed()) gate.resolve(null)
  expect(await all).toEqual([0, 10, 20])
})

test('no more than the width are under way', async () => {
  let underWay = 0
  let most = 0
  await inParallel(Array.from({ length: 50 }, String), 7, async () => {
    underWay += 1
    most = Math.max(most, underWay)
    await Promise.resolve()
    underWay -= 1
  })
  expect(most).toBe(7)
})

test('one that fails hinders none of the others, and is told at the end', async () => {
  const done: number[] = []
  const all = inParallel([0, 1, 2, 3], 1, async (index) => {
    if (index === 1) throw new Error('the bad one')
    done.push(index)
  })
  await expect(all).rejects.toThrow('the bad one')
  expect(done).toEqual([0, 2, 3])
})
