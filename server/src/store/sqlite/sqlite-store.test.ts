import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSqliteFile } from '../../sqlite/open-sqlite-file.ts'
import { storeConformance, type StoreLab } from '../conformance.ts'
import { deliveryKey, t0 } from '../conformance/samples.ts'
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
  expect(answer).toEqual({ kind: 'claimed', attempt: 2 })
  await lab.dispose()
})
