import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { migrations } from '../../sqlite/migrations.ts'
import { openSqliteFile } from '../../sqlite/open-sqlite-file.ts'
import { storeConformance, type StoreLab } from '../conformance.ts'
import { deliveryKey, device, phone, t0, ticket } from '../conformance/samples.ts'
import { sqliteStore } from './sqlite-store.ts'

// A crash in this process can only be played: nothing that was asked for is waited for. The real one, by kill -9
// of another process, is in sqlite/durability.test.ts.
async function openLab(): Promise<StoreLab> {
  const dir = mkdtempSync(join(tmpdir(), 'belfry-store-'))
  const open = () => openSqliteFile({ dir, reserveBytes: 4096 })
  let file = open()
  const store = sqliteStore(file)
  return {
    store,
    async reopen() {
      await store.close()
      await file.close()
      file = open()
      return sqliteStore(file)
    },
    async crash() {
      await file.close()
      file = open()
      return sqliteStore(file)
    },
    async dispose() {
      await file.close()
      rmSync(dir, { recursive: true })
    },
  }
}

storeConformance('the embedded file', openLab)

test('the claims of a process that died are free at once when the next one starts', async () => {
  const lab = await openLab()
  await lab.store.deliveries.claim(deliveryKey('x'), { nowMs: t0, leaseMs: 3_600_000 })
  const store = await lab.crash()
  const answer = await store.deliveries.claim(deliveryKey('x'), { nowMs: t0 + 1, leaseMs: 1000 })
  expect(answer).toMatchObject({ kind: 'claimed' })
  await lab.dispose()
})

test('nothing is claimed while its outcome could not be written down', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'belfry-store-'))
  const file = openSqliteFile({ dir, reserveBytes: 4096, mostPages: 120 })
  const store = sqliteStore(file)
  const now = { nowMs: t0, leaseMs: 1000 }
  const reason = 'x'.repeat(100_000)
  const fill = async () => {
    for (let n = 0; n < 100; n += 1)
      await store.deliveries.suppress(deliveryKey(`full-${n}`), reason, t0)
  }
  await expect(fill()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  await expect(store.deliveries.claim(deliveryKey('x'), now)).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
  })
  expect(await store.deliveries.byId('x')).toBeNull()
  await file.close()
  rmSync(dir, { recursive: true })
})

test('a ledger from before claims were in memory goes on: what was claimed is free, what is final stays', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'belfry-store-'))
  const before = openSqliteFile({ dir, reserveBytes: 4096, migrations: migrations.slice(0, 2) })
  const row = `INSERT INTO deliveries (id, event_id, kind, owner_id, state, attempts, lease_until_ms, created_at_ms)
               VALUES (?, 'chat:kitchen:m', 'chat_message', 'bob', ?, 1, ?, ?)`
  await before.write((tx) => tx.run(row, ['claimed', 'claimed', t0 + 3_600_000, t0]))
  await before.write((tx) => tx.run(row, ['accepted', 'accepted', 0, t0]))
  await before.close()
  const file = openSqliteFile({ dir, reserveBytes: 4096 })
  const { deliveries } = sqliteStore(file)
  const claim = (id: string) => deliveries.claim(deliveryKey(id), { nowMs: t0 + 1, leaseMs: 1000 })
  expect(await claim('claimed')).toEqual({ kind: 'claimed', attempt: 2 })
  expect(await claim('accepted')).toEqual({ kind: 'settled', state: 'accepted' })
  expect((await deliveries.ofEvent('chat:kitchen:m')).map(({ id }) => id)).toEqual([
    'accepted',
    'claimed',
  ])
  await file.close()
  rmSync(dir, { recursive: true })
})

test('receipts that a process which died was asking for are free at once when the next one starts', async () => {
  const lab = await openLab()
  await lab.store.expoTickets.add([ticket(1)])
  await lab.store.expoTickets.take({ nowMs: t0 + 1000, leaseMs: 3_600_000, limit: 1 })
  const store = await lab.crash()
  const taken = await store.expoTickets.take({ nowMs: t0 + 1001, leaseMs: 1000, limit: 1 })
  expect(taken).toEqual([ticket(1)])
  await lab.dispose()
})

test('browsers that registered before there were phones stay what they are, and phones come beside them', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'belfry-store-'))
  const before = openSqliteFile({ dir, reserveBytes: 4096, migrations: migrations.slice(0, 1) })
  const old = device('d1', { deviceId: 'laptop', lastShownAtMs: t0, lastError: 'Full' })
  await before.write((tx) =>
    tx.run(
      `INSERT INTO devices (id, owner_id, endpoint, endpoint_hash, p256dh, auth, vapid_public_key, device_id,
         device_name, generation, created_at_ms, last_seen_at_ms, last_shown_at_ms, last_error, not_before_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        old.id,
        old.ownerId,
        old.endpoint,
        old.endpointHash,
        old.p256dh,
        old.auth,
        old.vapidPublicKey,
        old.deviceId,
        old.deviceName,
        old.generation,
        old.createdAtMs,
        old.lastSeenAtMs,
        old.lastShownAtMs,
        old.lastError,
        old.notBeforeMs,
      ],
    ),
  )
  await before.close()
  const file = openSqliteFile({ dir, reserveBytes: 4096 })
  const store = sqliteStore(file)
  expect(await store.devices.ofOwner('bob')).toEqual([old])
  expect(await store.devices.insert(device('d2', { deviceId: 'laptop' }))).toBe('taken')
  expect(await store.devices.insert(phone('p1'))).toBe('inserted')
  await file.close()
  rmSync(dir, { recursive: true })
})
