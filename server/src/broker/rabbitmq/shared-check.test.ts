import { expect, test } from 'vitest'
import { sharedCheck } from './shared-check.ts'

/** Checks that are answered by hand, in the order in which they were put. */
function lab() {
  const put: Array<PromiseWithResolvers<void>> = []
  const ask = sharedCheck(() => {
    const question = Promise.withResolvers<void>()
    put.push(question)
    return question.promise
  })
  return { put, ask }
}

const turn = () => new Promise((resolve) => void setImmediate(resolve))

test('who asks while a check is under way gets the next one, together with all others', async () => {
  const { put, ask } = lab()
  const first = ask()
  await turn()
  const others = [ask(), ask(), ask()]
  await turn()
  expect(put).toHaveLength(1)
  put[0]?.resolve()
  await first
  await turn()
  expect(put).toHaveLength(2)
  put[1]?.resolve()
  await Promise.all(others)
  expect(put).toHaveLength(2)
})

test('a check that fails is told to those who asked for it, and not to the next', async () => {
  const { put, ask } = lab()
  const first = ask()
  await turn()
  const second = ask()
  put[0]?.reject(new Error('gone'))
  await expect(first).rejects.toThrow('gone')
  await turn()
  put[1]?.resolve()
  await expect(second).resolves.toBeUndefined()
})
