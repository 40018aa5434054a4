import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteFile } from '../../src/sqlite/open-sqlite-file.ts'
import type { SqliteFile } from '../../src/sqlite/sqlite-file.ts'
import {
  after,
  call,
  chatEvent,
  ended,
  incoming,
  message,
  t0,
} from '../../src/store/conformance/samples.ts'
import type { Store } from '../../src/store/port.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { boundedStore } from '../../src/outbox/bounded-store.ts'

let dir: string
let file: SqliteFile
let store: Store
let nowMs = 0
const said: string[] = []
const log = {
  error: (_fields: unknown, line?: string) => void said.push(String(line)),
  info: (line: unknown) => void said.push(String(line)),
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'belfry-bound-'))
  file = openSqliteFile({ dir, reserveBytes: 4096 })
  nowMs = 0
  said.length = 0
  store = boundedStore(sqliteStore(file), {
    log,
    now: () => nowMs,
    mostPending: 3,
    lookEveryMs: 10,
  })
})
afterEach(async () => {
  await file.close()
  rmSync(dir, { recursive: true })
})

const send = (n: number) => store.messages.insert(message(n), [chatEvent(message(n))])
const ring = (n: number) => store.calls.insert(call(n), [incoming(call(n))])
/** The look that was due is over. */
async function looked(): Promise<void> {
  nowMs += 10
  await send(1) // Known already: it changes nothing.
  await store.outbox.count(1)
}

test('while the broker is away events are accepted, up to the bound; then messages and calls are refused', async () => {
  for (const n of [1, 2]) await send(n)
  await ring(3)
  await looked()
  await expect(send(4)).rejects.toMatchObject({ code: 'OUTBOX_FULL' })
  await expect(ring(5)).rejects.toMatchObject({ code: 'OUTBOX_FULL' })
  expect(await store.messages.byId(message(4).id)).toBeNull()
  expect(said).toEqual(['Outbox: full, nothing more is accepted'])
})

test('a call that rings ends all the same', async () => {
  for (const n of [1, 2]) await send(n)
  await ring(3)
  await looked()
  const ending = after(call(3), { type: 'accept', userId: 'bob', deviceId: 'd1', atMs: t0 + 5 })
  const events = [ended(ending.call, 'accepted')]
  expect(await store.calls.compareAndSet(ending, events)).toBe(true)
})

test('once the broker took some, accepting goes on by itself', async () => {
  for (const n of [1, 2, 3]) await send(n)
  await looked()
  await expect(send(4)).rejects.toMatchObject({ code: 'OUTBOX_FULL' })
  await store.outbox.confirm(await store.outbox.pending(t0 + 1_000_000, 2))
  nowMs += 10
  await expect(send(4)).rejects.toMatchObject({ code: 'OUTBOX_FULL' }) // It looks now.
  expect((await send(4)).created).toBe(true)
  expect(said).toEqual(['Outbox: full, nothing more is accepted', 'Outbox: accepting again'])
})

test('it is counted once in a while, not for every message', async () => {
  let counts = 0
  const inner = sqliteStore(file)
  const counted = boundedStore(
    { ...inner, outbox: { ...inner.outbox, count: async () => (counts += 1) } },
    { log, now: () => nowMs, mostPending: 1000, lookEveryMs: 10 },
  )
  for (const n of [1, 2, 3, 4]) await counted.messages.insert(message(n), [])
  expect(counts).toBe(1)
  nowMs = 10
  await counted.messages.insert(message(5), [])
  expect(counts).toBe(2)
})
