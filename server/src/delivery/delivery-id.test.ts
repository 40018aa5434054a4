import { expect, test } from 'vitest'
import { callRingEventId, chatEventId, deliveryId } from './delivery-id.ts'

const message = (id: string) => chatEventId({ id, conversationId: 'kitchen' })
const at = (ms: number, rest = '7abc-8def-0123456789ab') => {
  const time = ms.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-${rest}`
}

test('the same event and device have the same id, and any other has another', () => {
  const ids = [
    deliveryId(message(at(1)), 'laptop'),
    deliveryId(message(at(1)), 'phone'),
    deliveryId(message(at(2)), 'laptop'),
    deliveryId(callRingEventId(at(1)), 'laptop'),
    deliveryId(message('any id'), 'laptop'),
    deliveryId(message('another'), 'laptop'),
  ]
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[\w-]{32}$/)
  expect(deliveryId(message(at(1)), 'laptop')).toBe(ids[0])
})

test('deliveries of one moment begin alike, so that a ledger finds what is new in one place', () => {
  const nowMs = 1_790_000_000_000
  const head = (eventId: string, of = 8) => deliveryId(eventId, 'laptop').slice(0, of)
  expect(Buffer.from(head(message(at(nowMs))), 'base64url').readUIntBE(0, 6)).toBe(nowMs)
  expect(head(callRingEventId(at(nowMs)))).toBe(head(message(at(nowMs))))
  expect(head(message(at(nowMs + 4)), 6)).toBe(head(message(at(nowMs)), 6))
})

test('an event whose id says nothing of its time has a hash alone', () => {
  expect(deliveryId(message(at(1, '4abc-8def-0123456789ab')), 'laptop').slice(0, 6)).not.toBe(
    'AAAAAA',
  )
})
