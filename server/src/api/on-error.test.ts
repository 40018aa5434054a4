import { expect, test } from 'vitest'
import { OutboxFullError } from '../outbox/outbox-full-error.ts'
import { StoreUnavailableError } from '../store/store-unavailable-error.ts'
import { diagnose } from './on-error.ts'

test('an outbox that is full, and a store that is gone, are 503 by their codes', () => {
  expect(diagnose(new OutboxFullError(1_000_000))).toMatchObject({
    code: 'OUTBOX_FULL',
    status: 503,
  })
  expect(diagnose(new StoreUnavailableError('write'))).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    status: 503,
  })
})

test('an error is known by its code, never by its words', () => {
  expect(diagnose(new Error('STORE_UNAVAILABLE'))).toMatchObject({ code: 'INTERNAL', status: 500 })
})
