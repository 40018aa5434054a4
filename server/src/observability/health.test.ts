import { expect, test } from 'vitest'
import { checkReady } from './health.ts'

const well = { ping: () => Promise.resolve() }
const gone = { ping: () => Promise.reject(new Error('it is gone')) }
const silent = { ping: () => new Promise<void>(() => {}) }

test('who stands on what works is ready', async () => {
  await expect(checkReady({ store: well, broker: well })).resolves.toBeUndefined()
})

test('what is gone is named, and why is kept', async () => {
  await expect(checkReady({ store: well, broker: gone })).rejects.toMatchObject({
    code: 'NOT_READY',
    missing: ['broker'],
    message: 'Not ready: broker cannot be used now.',
    cause: { message: 'it is gone' },
  })
})

test('what never answers is missing too', async () => {
  await expect(checkReady({ store: silent, broker: gone }, 5)).rejects.toMatchObject({
    missing: expect.arrayContaining(['store', 'broker']),
  })
  await expect(checkReady({ store: silent }, 5)).rejects.toMatchObject({
    cause: { message: 'no answer within 5 ms' },
  })
})
