import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fakeLedger } from '../../test/delivery/fake-ledger.ts'
import { createCapabilities } from './capabilities.ts'

const secret = 'a secret of the tests, long enough'
const key = {
  id: 'aDeliveryIdOf32CharactersLikeOurs',
  eventId: 'call:s',
  kind: 'incoming_call',
  ownerId: 'bob',
  deviceRowId: 'row',
  subjectId: 's',
} as const
const claims = { deliveryId: key.id, deviceRowId: 'row', subjectId: 's' }

async function ledgerWithDelivery() {
  const ledger = fakeLedger()
  await ledger.claim(key, { nowMs: 0, leaseMs: 1 })
  return ledger
}

test('a receipt tells whoever reads it which delivery, device and session it is for', async () => {
  const capabilities = createCapabilities(secret)
  const receipt = capabilities.receipt(claims)
  expect(receipt.length).toBeLessThan(60)
  expect(await capabilities.readReceipt(receipt, await ledgerWithDelivery())).toEqual(claims)
})

test('a receipt for another device or session of the same delivery is refused', async () => {
  const capabilities = createCapabilities(secret)
  const ledger = await ledgerWithDelivery()
  for (const wrong of [{ deviceRowId: 'other' }, { subjectId: 'other' }]) {
    const receipt = capabilities.receipt({ ...claims, ...wrong })
    expect(await capabilities.readReceipt(receipt, ledger)).toBeNull()
  }
})

test('a receipt whose delivery is no longer on record is refused', async () => {
  const capabilities = createCapabilities(secret)
  expect(await capabilities.readReceipt(capabilities.receipt(claims), fakeLedger())).toBeNull()
})

test('a receipt made with another secret is refused', async () => {
  const receipt = createCapabilities('another secret of the tests, long').receipt(claims)
  const ledger = await ledgerWithDelivery()
  expect(await createCapabilities(secret).readReceipt(receipt, ledger)).toBeNull()
})

test('no piece of a receipt, and none with one character changed, is worth anything', async () => {
  const capabilities = createCapabilities(secret)
  const ledger = await ledgerWithDelivery()
  const receipt = capabilities.receipt(claims)
  for (let length = 0; length < receipt.length; length += 1) {
    expect(await capabilities.readReceipt(receipt.slice(0, length), ledger)).toBeNull()
  }
  for (let index = 0; index < receipt.length; index += 1) {
    const other = receipt[index] === 'A' ? 'B' : 'A'
    const forged = receipt.slice(0, index) + other + receipt.slice(index + 1)
    expect(await capabilities.readReceipt(forged, ledger)).toBeNull()
  }
})

test('nothing that anybody sends as a receipt or renew token throws or is taken', async () => {
  const capabilities = createCapabilities(secret)
  const ledger = await ledgerWithDelivery()
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.json().map((json) => `${Buffer.from(json).toString('base64url')}.x`),
        fc.string().map((text) => `${key.id}.${text}`),
      ),
      async (text) => {
        expect(await capabilities.readReceipt(text, ledger)).toBeNull()
        expect(capabilities.isRenewToken(text, 'row', 1)).toBe(false)
      },
    ),
  )
})

test('a renew token is good for one generation of one row', () => {
  const capabilities = createCapabilities(secret)
  const token = capabilities.renewToken('row', 3)
  expect(capabilities.isRenewToken(token, 'row', 3)).toBe(true)
  expect(capabilities.isRenewToken(token, 'row', 4)).toBe(false)
  expect(capabilities.isRenewToken(token, 'other', 3)).toBe(false)
  expect(createCapabilities(`${secret}!`).isRenewToken(token, 'row', 3)).toBe(false)
})

test('a Topic is 32 characters that say nothing, the same for one subject and another for each other', () => {
  const { topic } = createCapabilities(secret)
  expect(topic('call', 's')).toMatch(/^[\w-]{32}$/)
  expect(topic('call', 's')).toBe(topic('call', 's'))
  expect(new Set([topic('call', 's'), topic('chat', 's'), topic('call', 't')]).size).toBe(3)
})
