import { integer, text, type Row } from '../../sqlite/row.ts'
import type { Reader, SqliteFile, Transaction } from '../../sqlite/sqlite-file.ts'
import { deadEvent, knownQueue } from '../dead-letter.ts'
import { DeadLettersUnavailableError } from '../dead-letters-unavailable-error.ts'
import type { DeadLetter, DeadLetters, DeadPage, QueueName } from '../port.ts'
import { addMessage } from './queue-table.ts'

export interface DeadMessagesOptions {
  readonly file: Pick<SqliteFile, 'read' | 'write'>
  /** As of the lanes: readers remember how far they came by it. */
  readonly clock: () => number
  /** So many are on that lane again, and due. */
  readonly onReplayed: (queue: QueueName, dueMs: number, count: number) => void
}

/** Moved in one commit: between two, the event loop comes round. */
const batchSize = 256

/** The dead of the embedded file. A message changes tables in one commit: a crash leaves it in exactly one. */
export function deadMessages({ file, clock, onReplayed }: DeadMessagesOptions): DeadLetters {
  async function replayBatch(seqs: readonly number[], queue: QueueName | undefined) {
    const { dueMs, moves } = await file.write((tx) => {
      const nowMs = clock()
      return { dueMs: Math.ceil(nowMs), moves: seqs.map((seq) => move(tx, { seq, queue, nowMs })) }
    })
    const lanes = Map.groupBy(moves, ({ to }) => to)
    for (const [lane, moved] of lanes) if (lane !== null) onReplayed(lane, dueMs, moved.length)
    return moves
  }

  return {
    list: (options) => guarded('list what is dead', async () => listDead(file.read, options)),
    replay: ({ ids, queue }) =>
      guarded('replay what is dead', async () => {
        const batches = ids === 'all' ? everySeq(file.read, queue) : seqsOf(ids)
        const moves: Move[] = []
        for (const seqs of batches) moves.push(...(await replayBatch(seqs, queue)))
        const named = ids === 'all' ? [] : ids.filter((id) => !isSeq.test(id))
        const those = (ending: Move['ending']) =>
          moves.filter((each) => each.ending === ending).map(({ seq }) => String(seq))
        return {
          replayed: those('replayed'),
          missing: ids === 'all' ? [] : [...named, ...those('missing')],
          stranded: those('stranded'),
        }
      }),
  }
}

/** Changes nothing: also for a process that may only read the file. */
export function listDead(
  read: Reader,
  { limit, queue }: Parameters<DeadLetters['list']>[0],
): DeadPage {
  const rows =
    queue === undefined
      ? read.all(`${columns} ORDER BY seq LIMIT ?`, [limit + 1])
      : read.all(`${columns} WHERE queue = ? ORDER BY seq LIMIT ?`, [queue, limit + 1])
  return { letters: rows.slice(0, limit).map(toDeadLetter), more: rows.length > limit }
}

const columns = 'SELECT seq, queue, reason, died_ms, tries, body FROM dead_messages'

function toDeadLetter(row: Row): DeadLetter {
  return {
    id: String(integer(row, 'seq')),
    queue: knownQueue(text(row, 'queue')),
    reason: text(row, 'reason'),
    diedMs: integer(row, 'died_ms'),
    tries: integer(row, 'tries'),
    event: deadEvent(text(row, 'body')),
  }
}

interface Move {
  readonly seq: number
  readonly ending: 'replayed' | 'missing' | 'stranded'
  readonly to: QueueName | null
}

function move(
  tx: Transaction,
  { seq, queue, nowMs }: { seq: number; queue: QueueName | undefined; nowMs: number },
): Move {
  const row = tx.get('SELECT queue, body FROM dead_messages WHERE seq = ?', [seq])
  const to = row === null ? null : knownQueue(text(row, 'queue'))
  if (row === null || (queue !== undefined && to !== queue))
    return { seq, ending: 'missing', to: null }
  if (to === null) return { seq, ending: 'stranded', to: null }
  addMessage(tx, {
    queue: to,
    body: text(row, 'body'),
    publishedMs: nowMs,
    dueMs: Math.ceil(nowMs),
  })
  tx.run('DELETE FROM dead_messages WHERE seq = ?', [seq])
  return { seq, ending: 'replayed', to }
}

/** Those that are dead now, batch by batch: what dies meanwhile has a higher number. */
function* everySeq(read: Reader, queue: QueueName | undefined): Generator<number[]> {
  const newest = read.get('SELECT coalesce(max(seq), 0) AS seq FROM dead_messages')
  const sql = `SELECT seq FROM dead_messages
               WHERE seq > ?1 AND seq <= ?2 AND (?3 IS NULL OR queue = ?3) ORDER BY seq LIMIT ${batchSize}`
  for (let last = 0; ;) {
    const rows = read.all(sql, [last, integer(newest ?? {}, 'seq'), queue ?? null])
    const seqs = rows.map((row) => integer(row, 'seq'))
    const highest = seqs.at(-1)
    if (highest === undefined) return
    yield seqs
    last = highest
  }
}

const isSeq = /^\d{1,15}$/

function* seqsOf(ids: readonly string[]): Generator<number[]> {
  const seqs = [...new Set(ids.filter((id) => isSeq.test(id)).map(Number))].sort((a, b) => a - b)
  for (let from = 0; from < seqs.length; from += batchSize) yield seqs.slice(from, from + batchSize)
}

async function guarded<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new DeadLettersUnavailableError(doing, cause)
  }
}
