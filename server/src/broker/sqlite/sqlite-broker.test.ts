import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openSqliteFile } from '../../sqlite/open-sqlite-file.ts'
import { text } from '../../sqlite/row.ts'
import type { SqliteFile } from '../../sqlite/sqlite-file.ts'
import { BrokerUnavailableError } from '../broker-unavailable-error.ts'
import { brokerConformance, warningLog, type BrokerLab } from '../conformance.ts'
import { inbox } from '../conformance/inbox.ts'
import { chat, chatId, delivery } from '../conformance/samples.ts'
import { mostDead } from './queue-table.ts'
import { sqliteBroker, type SqliteBrokerOptions } from './sqlite-broker.ts'

const silent = { warn: () => {} }

function openBroker(file: SqliteFile, options: Partial<SqliteBrokerOptions> = {}) {
  return sqliteBroker({ file, now: Date.now, log: silent, throwDelayMs: () => 20, ...options })
}

async function openLab(): Promise<BrokerLab> {
  const dir = mkdtempSync(join(tmpdir(), 'belfry-broker-'))
  const open = () => openSqliteFile({ dir, reserveBytes: 4096 })
  const { warn, warnings } = warningLog()
  let file = open()
  let broker = openBroker(file, { log: { warn } })
  async function again() {
    await file.close()
    await broker.close() // Ends the timers; nothing can be written any more.
    file = open()
    broker = openBroker(file, { log: { warn } })
    return broker
  }
  return {
    broker,
    shortestDelayMs: 30,
    reopen: again,
    crash: again,
    async putRaw(queue, body) {
      const now = Date.now()
      const sql =
        'INSERT INTO queue_messages (queue, due_ms, published_ms, body) VALUES (?, ?, ?, ?)'
      await file.write((tx) => tx.run(sql, [queue, now, now, body]))
    },
    async putDead(queue, bodies) {
      const sql = `INSERT INTO dead_messages (queue, reason, published_ms, died_ms, tries, body)
                   VALUES (?, 'put there', 1, 2, 1, ?)`
      await file.write((tx) => bodies.map((body) => tx.run(sql, [queue, body])))
    },
    async dead() {
      const rows = file.read.all('SELECT reason, body FROM dead_messages ORDER BY seq')
      return rows.map((row) => ({ reason: text(row, 'reason'), body: text(row, 'body') }))
    },
    warnings,
    async dispose() {
      await file.close()
      await broker.close()
      rmSync(dir, { recursive: true })
    },
  }
}

brokerConformance('the embedded file', openLab)

describe('the embedded broker', { timeout: 30_000 }, () => {
  let dir: string
  let file: SqliteFile

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'belfry-broker-'))
    file = openSqliteFile({ dir, reserveBytes: 4096 })
  })
  afterEach(async () => {
    vi.useRealTimers()
    await file.close()
    rmSync(dir, { recursive: true })
  })

  const deadReasons = () =>
    file.read.all('SELECT reason FROM dead_messages').map((row) => text(row, 'reason'))

  test('reads a long backlog page by page, never the whole', async () => {
    let mostRows = 0
    const watched: SqliteFile = {
      ...file,
      read: {
        get: file.read.get,
        all(sql, params) {
          const rows = file.read.all(sql, params)
          mostRows = Math.max(mostRows, rows.length)
          return rows
        },
      },
    }
    const body = JSON.stringify(chat(1))
    await file.write((tx) =>
      tx.run(
        `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
         INSERT INTO queue_messages (queue, due_ms, published_ms, body)
         SELECT 'web-push.chat', ?, ?, ? FROM n`,
        [Date.now(), Date.now(), body],
      ),
    )
    const broker = openBroker(watched)
    expect(await broker.depth()).toMatchObject({ 'web-push.chat': 20_000, 'web-push.calls': 0 })
    const worker = inbox()
    const consumer = broker.consume('web-push.chat', worker.handler, { prefetch: 100 })
    await worker.got(20_000)
    await consumer.stop()
    expect(await broker.depth()).toMatchObject({ 'web-push.chat': 0, 'web-push.calls': 0 })
    expect(worker.received).toHaveLength(20_000)
    expect(mostRows).toBeLessThanOrEqual(256)
    await broker.close()
  })

  test('sets no timer while nothing is delayed, and one for the next that is', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    const broker = openBroker(file)
    const worker = inbox()
    const consumer = broker.consume('web-push.chat', worker.handler, { prefetch: 10 })
    await broker.publish(chat(1))
    await worker.got(1)
    expect(vi.getTimerCount()).toBe(0)
    await broker.retry('web-push.chat', delivery('in a minute'), 60_000)
    await broker.retry('web-push.chat', delivery('in a second'), 1000)
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(1000)
    await worker.got(1, 'in a second')
    vi.advanceTimersByTime(58_999)
    expect(worker.received.map(({ id }) => id)).not.toContain('in a minute')
    vi.advanceTimersByTime(1)
    await worker.got(1, 'in a minute')
    await consumer.stop()
    await broker.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('waits longer after each throw, and keeps a message aside after 20 of them', async () => {
    const asked: number[] = []
    const throwDelayMs = (throws: number) => {
      asked.push(throws)
      return 1
    }
    const broker = openBroker(file, { throwDelayMs })
    const worker = inbox(() => {
      throw new TypeError('canary')
    })
    const consumer = broker.consume('web-push.chat', worker.handler, { prefetch: 1 })
    await broker.publish(chat(1))
    await worker.got(20)
    await consumer.stop()
    expect(asked).toEqual(Array.from({ length: 19 }, (_, index) => index + 1))
    expect(deadReasons()).toEqual(['its handler threw 20 times, at last TypeError'])
    expect(await broker.depth()).toMatchObject({ 'web-push.chat': 0, 'web-push.calls': 0 })
    await broker.close()
  })

  test('waits a second after the first throw, then twice as long each time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    const broker = sqliteBroker({ file, now: Date.now, log: silent })
    const worker = inbox(() => {
      throw new TypeError('a mistake')
    })
    const consumer = broker.consume('web-push.chat', worker.handler, { prefetch: 1 })
    await broker.publish(chat(1))
    await worker.got(1)
    for (const [n, delayMs] of [1000, 2000, 4000].entries()) {
      while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve))
      vi.advanceTimersByTime(delayMs - 1)
      expect(worker.received).toHaveLength(n + 1)
      vi.advanceTimersByTime(1)
      await worker.got(n + 2)
    }
    await consumer.stop()
    await broker.close()
  })

  test('counts a retry that a handler asked for as no throw', async () => {
    const broker = openBroker(file)
    const worker = inbox(({ id }) =>
      worker.received.length < 30 && id !== '' ? { kind: 'retry', afterMs: 0 } : { kind: 'done' },
    )
    const consumer = broker.consume('web-push.chat', worker.handler, { prefetch: 1 })
    await broker.publish(chat(1))
    await worker.got(30)
    await consumer.stop()
    expect(deadReasons()).toEqual([])
    await broker.close()
  })

  test('keeps a message aside that waited for 24 hours', async () => {
    let nowMs = Date.UTC(2026, 10, 21)
    const broker = openBroker(file, { now: () => nowMs })
    await broker.publish(chat(1))
    nowMs += 24 * 3600 * 1000 - 1
    await broker.publish(chat(2))
    nowMs += 1
    const worker = inbox()
    const consumer = broker.consume('web-push.chat', worker.handler, { prefetch: 1 })
    await worker.got(1, chatId(2))
    await consumer.stop()
    expect(worker.received).toHaveLength(1)
    expect(deadReasons()).toEqual(['expired in the queue'])
    await broker.close()
  })

  test('keeps the newest 100,000 dead messages', async () => {
    await file.write((tx) =>
      tx.run(
        `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
         INSERT INTO dead_messages (queue, reason, published_ms, died_ms, tries, body)
         SELECT 'web-push.chat', 'old', 0, 0, 1, '{}' FROM n`,
        [mostDead],
      ),
    )
    const broker = openBroker(file)
    const worker = inbox(() => ({ kind: 'dead', reason: 'new' }))
    const consumer = broker.consume('web-push.chat', worker.handler, { prefetch: 1 })
    await broker.publish(chat(1))
    await worker.got(1)
    await consumer.stop()
    const row = file.read.get(
      `SELECT count(*) AS n, sum(reason = 'new') AS fresh FROM dead_messages`,
    )
    expect(row).toMatchObject({ n: mostDead, fresh: 1 })
    await broker.close()
  })

  test('goes on when the wall clock is set back by two hours, before and after a restart', async () => {
    let nowMs = Date.UTC(2026, 10, 21)
    const first = openBroker(file, { now: () => nowMs })
    const worker = inbox()
    const consumer = first.consume('web-push.chat', worker.handler, { prefetch: 1 })
    await first.publish(chat(1))
    await worker.got(1, chatId(1))
    nowMs -= 2 * 3600 * 1000
    await first.publish(chat(2))
    await worker.got(1, chatId(2))
    await consumer.stop()
    await first.publish(chat(3))
    await first.close()
    const second = openBroker(file, { now: () => (nowMs += 1) })
    const again = second.consume('web-push.chat', worker.handler, { prefetch: 1 })
    await worker.got(1, chatId(3))
    await again.stop()
    await second.close()
  })

  test('hands a message out once while its verdict cannot be written, and writes it later', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    let broken = false
    const failing: SqliteFile = {
      ...file,
      write: (work, options) =>
        broken ? Promise.reject(new Error('the disk is gone')) : file.write(work, options),
    }
    const broker = openBroker(failing)
    const worker = inbox(() => {
      broken = true
      return { kind: 'done' }
    })
    const consumer = broker.consume('web-push.chat', worker.handler, { prefetch: 1 })
    await broker.publish(chat(1))
    await worker.got(1)
    await expect(broker.publish(chat(2))).rejects.toBeInstanceOf(BrokerUnavailableError)
    await expect(broker.ping()).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' })
    expect(await broker.depth()).toMatchObject({ 'web-push.chat': 1 })
    broken = false
    vi.advanceTimersByTime(1000)
    await consumer.stop()
    expect(await broker.depth()).toMatchObject({ 'web-push.chat': 0 })
    expect(worker.received).toHaveLength(1)
    await broker.close()
  })
})
