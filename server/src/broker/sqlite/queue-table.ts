import { integer, text, type Row } from '../../sqlite/row.ts'
import type { Reader, SqliteFile, Transaction } from '../../sqlite/sqlite-file.ts'
import { queueNames, type QueueName } from '../port.ts'

/** One message of one queue, as its row holds it. */
export interface QueuedMessage {
  /** Never given twice. */
  readonly seq: number
  readonly queue: QueueName
  readonly dueMs: number
  readonly publishedMs: number
  /** How often it was handed out and came back. */
  readonly tries: number
  /** How often its handler threw. */
  readonly throws: number
  readonly body: string
}

/** How far a reader came: everything due before, and everything due then up to this number. */
export interface Cursor {
  readonly dueMs: number
  readonly seq: number
}

export function addMessage(
  tx: Transaction,
  message: Pick<QueuedMessage, 'queue' | 'dueMs' | 'publishedMs' | 'body'>,
): QueuedMessage {
  const { queue, dueMs, publishedMs, body } = message
  const sql = `INSERT INTO queue_messages (queue, due_ms, published_ms, body) VALUES (?, ?, ?, ?) RETURNING seq`
  const row = tx.get(sql, [queue, dueMs, publishedMs, body])
  return { ...message, seq: integer(row ?? {}, 'seq'), tries: 0, throws: 0 }
}

/** The next ones that are due, oldest due first. */
export function messagesAfter(
  read: Reader,
  where: { queue: QueueName; cursor: Cursor; untilMs: number; limit: number },
): QueuedMessage[] {
  const sql = `SELECT seq, due_ms, published_ms, tries, throws, body FROM queue_messages
               WHERE queue = ? AND (due_ms, seq) > (?, ?) AND due_ms <= ? ORDER BY due_ms, seq LIMIT ?`
  const { queue, cursor, untilMs, limit } = where
  return read
    .all(sql, [queue, cursor.dueMs, cursor.seq, untilMs, limit])
    .map((row) => toMessage(row, queue))
}

/** When the first one after that moment is due; null when none waits. */
export function nextDueMs(read: Reader, queue: QueueName, afterMs: number): number | null {
  const sql =
    'SELECT due_ms FROM queue_messages WHERE queue = ? AND due_ms > ? ORDER BY due_ms LIMIT 1'
  const row = read.get(sql, [queue, afterMs])
  return row === null ? null : integer(row, 'due_ms')
}

export function removeMessage(tx: Transaction, seq: number): void {
  tx.run('DELETE FROM queue_messages WHERE seq = ?', [seq])
}

export function postponeMessage(
  tx: Transaction,
  { seq, dueMs, throws }: Pick<QueuedMessage, 'seq' | 'dueMs' | 'throws'>,
): void {
  const sql = 'UPDATE queue_messages SET due_ms = ?, throws = ?, tries = tries + 1 WHERE seq = ?'
  tx.run(sql, [dueMs, throws, seq])
}

/** More than these many dead ones are of no use to anybody: the oldest go. */
export const mostDead = 100_000

/** Returns its number among the dead. */
export function buryMessage(
  tx: Transaction,
  message: QueuedMessage,
  end: { reason: string; nowMs: number },
): number {
  removeMessage(tx, message.seq)
  tx.run(
    'INSERT INTO dead_messages (queue, reason, published_ms, died_ms, tries, body) VALUES (?, ?, ?, ?, ?, ?)',
    [message.queue, end.reason, message.publishedMs, end.nowMs, message.tries + 1, message.body],
  )
  const seq = integer(tx.get('SELECT last_insert_rowid() AS seq') ?? {}, 'seq')
  tx.run('DELETE FROM dead_messages WHERE seq <= ?', [seq - mostDead])
  return seq
}

/** Reads an index alone: 2 ms when there are as many as there may be. */
export function countDead(read: Reader): number {
  return integer(read.get('SELECT count(*) AS dead FROM dead_messages') ?? {}, 'dead')
}

/**
 * What is due later than anything may wait was written by a clock that has since been set back: it is due now.
 * Resolves with that moment, and the queues that held such messages.
 */
export function pullForward(
  file: SqliteFile,
  {
    queues,
    clock,
    longestDelayMs,
  }: { queues: readonly QueueName[]; clock: () => number; longestDelayMs: number },
): Promise<{ dueMs: number; moved: readonly QueueName[] }> {
  return file.write((tx) => {
    // The next millisecond: readers may have been at this one.
    const dueMs = clock() + 1
    const sql = 'UPDATE queue_messages SET due_ms = ? WHERE queue = ? AND due_ms > ?'
    const moved = queues.filter((queue) => tx.run(sql, [dueMs, queue, dueMs + longestDelayMs]) > 0)
    return { dueMs, moved }
  })
}

/** How many messages each queue holds, and the highest number given so far. Reads the whole index: once, at start. */
export function surveyQueues(read: Reader): { held: Map<QueueName, number>; lastSeq: number } {
  const rows = read.all('SELECT queue, count(*) AS held FROM queue_messages GROUP BY queue')
  const counted = new Map(rows.map((row) => [text(row, 'queue'), integer(row, 'held')]))
  const last = read.get('SELECT coalesce(max(seq), 0) AS seq FROM queue_messages')
  return {
    held: new Map(queueNames.map((queue) => [queue, counted.get(queue) ?? 0])),
    lastSeq: integer(last ?? {}, 'seq'),
  }
}

function toMessage(row: Row, queue: QueueName): QueuedMessage {
  return {
    seq: integer(row, 'seq'),
    queue,
    dueMs: integer(row, 'due_ms'),
    publishedMs: integer(row, 'published_ms'),
    tries: integer(row, 'tries'),
    throws: integer(row, 'throws'),
    body: text(row, 'body'),
  }
}
