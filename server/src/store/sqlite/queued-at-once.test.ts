import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { delivery } from '../../broker/conformance/samples.ts'
import { sqliteBroker, type SqliteBroker } from '../../broker/sqlite/sqlite-broker.ts'
import { openSqliteFile } from '../../sqlite/open-sqlite-file.ts'
import type { SqliteFile } from '../../sqlite/sqlite-file.ts'
import { call, chatEvent, incoming, message, phone } from '../conformance/samples.ts'
import type { Store } from '../port.ts'
import { hasPhones } from './sqlite-devices.ts'
import { sqliteStore } from './sqlite-store.ts'

let dir: string
let file: SqliteFile
let broker: SqliteBroker
let store: Store

function open() {
  file = openSqliteFile({ dir, reserveBytes: 4096 })
  broker = sqliteBroker({ file, now: Date.now, log: { warn: () => {} } })
  store = sqliteStore(file, broker)
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'belfry-queued-'))
  open()
})
afterEach(async () => {
  await file.close()
  await broker.close()
  rmSync(dir, { recursive: true })
})

const depth = async () => (await broker.depth())['web-push.chat']

test('a message is in the queue once it is stored, and waits for no relay', async () => {
  const hello = message(1)
  await store.messages.insert(hello, [chatEvent(hello)])
  expect(await depth()).toBe(1)
  expect(await store.outbox.pending(Number.MAX_SAFE_INTEGER, 10)).toEqual([])
  const heard = await new Promise((resolve) => {
    broker.consume(
      'web-push.chat',
      async (event) => {
        resolve(event)
        return { kind: 'done' }
      },
      { prefetch: 1 },
    )
  })
  expect(heard).toEqual(chatEvent(hello))
})

test('the same message again is queued once', async () => {
  const hello = message(1, { clientMessageId: 'one' })
  const again = message(2, { clientMessageId: 'one' })
  await store.messages.insert(hello, [chatEvent(hello)])
  await store.messages.insert(again, [chatEvent(again)])
  expect(await depth()).toBe(1)
})

test('a step of a call that lost its race queues nothing', async () => {
  const ringing = call(1)
  await store.calls.insert(ringing, [])
  const stale = { ...ringing, call: { ...ringing.call, revision: 7 } }
  expect(await store.calls.compareAndSet(stale, [incoming(ringing)])).toBe(false)
  expect((await broker.depth())['web-push.calls']).toBe(0)
})

test('an event that no schema knows fails its writer, and leaves neither message nor queue behind', async () => {
  const hello = message(1)
  const wrong = { ...chatEvent(hello), sentAt: 'yesterday' }
  await expect(store.messages.insert(hello, [wrong])).rejects.toThrow('sentAt')
  expect(await store.messages.byId(hello.id)).toBeNull()
  expect(await depth()).toBe(0)
})

test('what a process queued and did not hand out is there for the next one', async () => {
  const hello = message(1)
  await store.messages.insert(hello, [chatEvent(hello)])
  await broker.close()
  await file.close()
  open()
  expect(await depth()).toBe(1)
})

test('a queue that nobody could be reached by is left out', async () => {
  await broker.close()
  broker = sqliteBroker({
    file,
    now: Date.now,
    log: { warn: () => {} },
    isWanted: (read, queue) => queue.startsWith('web-push.') || hasPhones(read),
  })
  store = sqliteStore(file, broker)
  const phones = async () => (await broker.depth())['expo-push.chat']
  const [before, after] = [message(1), message(2)]
  await store.messages.insert(before, [chatEvent(before)])
  expect([await depth(), await phones()]).toEqual([1, 0])
  await store.devices.insert(phone('pixel'))
  await store.messages.insert(after, [chatEvent(after)])
  expect([await depth(), await phones()]).toEqual([2, 1])
  await store.devices.remove('pixel')
  // What was begun is not forgotten with the last phone: its row waits for an end.
  await broker.retry('expo-push.chat', delivery(after.id), 0)
  expect(await phones()).toBe(2)
})
