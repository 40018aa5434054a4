import { describe, expect, test } from 'vitest'
import { check } from './check.ts'
import type { LogEntry } from './log-entry.ts'
import { parseLog } from './log-entry.ts'
import {
  asked,
  canary,
  cleanLog,
  pushed,
  recorded,
  ringExpMs,
  t0,
  type SampleLog,
} from './sample-log.ts'
import type { InvariantId } from './violation.ts'

interface Planted {
  readonly invariant: InvariantId
  readonly what: string
  /** Changes the entries of a clean log. */
  readonly plant: (entries: readonly LogEntry[]) => readonly LogEntry[]
}

const without =
  (isTaken: (entry: LogEntry) => boolean): Planted['plant'] =>
  (entries) =>
    entries.filter((entry) => !isTaken(entry))
const changed =
  (change: (entry: LogEntry) => LogEntry): Planted['plant'] =>
  (entries) =>
    entries.map(change)
/** Something more at the end of the log. */
const added =
  (...more: ReadonlyArray<(log: SampleLog) => void>): Planted['plant'] =>
  () => {
    const log = cleanLog()
    for (const add of more) add(log)
    return log.entries
  }

const ofDevice = (entry: LogEntry, device: string, type: string) =>
  entry.kind === 'push' && entry.device === device && entry.message?.type === type
const isRow = (entry: LogEntry, eventId: string) =>
  entry.kind === 'delivery' && entry.eventId === eventId
const send = { action: 'send', by: 'ana', subject: 'm9', to: ['bob'] } as const

const planted: readonly Planted[] = [
  {
    invariant: 'I1',
    what: 'a device that never had a message that was accepted',
    plant: without((entry) => ofDevice(entry, 'phone', 'chat_message')),
  },
  {
    invariant: 'I1',
    what: 'a ring that never came',
    plant: without((entry) => ofDevice(entry, 'laptop', 'incoming_call')),
  },
  {
    invariant: 'I1',
    what: 'a person without a device and without a reason',
    plant: without((entry) => entry.kind === 'delivery' && entry.owner === 'carl'),
  },
  {
    invariant: 'I2',
    what: 'a copy under another delivery id',
    plant: added((log) =>
      log.add(pushed('laptop', { type: 'chat_message', subject: 'm1', id: 'other' })),
    ),
  },
  {
    invariant: 'I2',
    what: 'a copy under another tag',
    plant: changed((entry) =>
      ofDevice(entry, 'laptop', 'chat_message') &&
      entry.kind === 'push' &&
      entry.message !== null &&
      entry.monoMs > 5000
        ? { ...entry, message: { ...entry.message, tag: 'other' } }
        : entry,
    ),
  },
  {
    invariant: 'I2',
    what: 'a copy without a cause',
    plant: added(
      (log) => log.wait(5000),
      (log) => log.add(pushed('laptop', { type: 'missed_call', subject: 's1' })),
      (log) => log.wait(5000),
      (log) => log.add(pushed('laptop', { type: 'missed_call', subject: 's1' })),
    ),
  },
  {
    invariant: 'I3',
    what: 'a ring after it expired',
    plant: changed((entry) =>
      ofDevice(entry, 'phone', 'incoming_call') ? { ...entry, wallMs: ringExpMs + 1500 } : entry,
    ),
  },
  {
    invariant: 'I3',
    what: 'a ring after it was answered',
    plant: added((log) =>
      log.add({
        ...pushed('laptop', { type: 'incoming_call', subject: 's2', expMs: ringExpMs + 60_000 }),
      }),
    ),
  },
  {
    invariant: 'I3',
    what: 'a ring whose end came before it',
    plant: added(
      (log) =>
        asked(log, { action: 'end', by: 'x', subject: 's9', process: null }, { ok: { status: 0 } }),
      (log) =>
        asked(
          log,
          { action: 'call', by: 'x', subject: 's9', to: ['bob'], process: null },
          { ok: { status: 0, id: 's9' } },
        ),
      (log) => log.add(pushed('laptop', { type: 'incoming_call', subject: 's9' })),
    ),
  },
  {
    invariant: 'I3',
    what: 'a ring after the missed call, on one device',
    plant: added((log) =>
      log.add(pushed('laptop', { type: 'incoming_call', subject: 's1', expMs: t0 + 90_000 })),
    ),
  },
  {
    invariant: 'I3',
    what: 'a missed call that was answered',
    plant: added((log) => log.add(pushed('phone', { type: 'missed_call', subject: 's2' }))),
  },
  {
    invariant: 'I3',
    what: 'a missed call that a device which rang is not told',
    plant: without((entry) => ofDevice(entry, 'phone', 'missed_call')),
  },
  {
    invariant: 'I4',
    what: 'a push to somebody else',
    plant: added(
      (log) =>
        asked(
          log,
          { action: 'subscribe', by: 'eve', subject: 'hers' },
          { ok: { status: 201, id: 'row-hers' } },
        ),
      (log) => log.add(pushed('hers', { type: 'chat_message', subject: 'm1' })),
    ),
  },
  {
    invariant: 'I4',
    what: 'a push to a device that signed out',
    plant: added((log) => log.add(pushed('old', { type: 'chat_message', subject: 'm1' }))),
  },
  {
    invariant: 'I4',
    what: 'a push that its device cannot read',
    plant: added((log) =>
      log.add({ kind: 'push', device: 'phone', status: 201, topic: null, message: null }),
    ),
  },
  {
    invariant: 'I4',
    what: 'a push about nothing that anybody did',
    plant: added((log) => log.add(pushed('phone', { type: 'chat_message', subject: 'm77' }))),
  },
  {
    invariant: 'I5',
    what: 'a poison that is not set aside',
    plant: without((entry) => entry.kind === 'dead'),
  },
  {
    invariant: 'I5',
    what: 'a harmless message among the dead',
    plant: added((log) => log.add({ kind: 'dead', reason: 'expired', subject: null })),
  },
  {
    invariant: 'I5',
    what: 'others that waited for the poison',
    plant: changed((entry) =>
      entry.kind === 'push' && entry.message?.subject === 'm4'
        ? { ...entry, monoMs: entry.monoMs + 3000 }
        : entry,
    ),
  },
  {
    invariant: 'I6',
    what: 'a connection to somewhere else',
    plant: changed((entry) =>
      entry.kind === 'vitals' ? { ...entry, remotes: ['10.0.0.7:80'] } : entry,
    ),
  },
  {
    invariant: 'I6',
    what: 'a knock where nobody must',
    plant: added((log) => log.add({ kind: 'dialled', address: '127.0.0.1:9' })),
  },
  {
    invariant: 'I7',
    what: 'memory without a bound',
    plant: changed((entry) => (entry.kind === 'vitals' ? { ...entry, rssBytes: 5e9 } : entry)),
  },
  {
    invariant: 'I7',
    what: 'files without a bound',
    plant: changed((entry) => (entry.kind === 'vitals' ? { ...entry, openFiles: 5000 } : entry)),
  },
  {
    invariant: 'I7',
    what: 'a log without a bound',
    plant: changed((entry) =>
      entry.kind === 'text' ? { ...entry, text: 'again '.repeat(200_000) } : entry,
    ),
  },
  {
    invariant: 'I8',
    what: 'an answer 500',
    plant: changed((entry) => (entry.kind === 'fail' ? { ...entry, status: 500 } : entry)),
  },
  {
    invariant: 'I8',
    what: 'a 503 without Retry-After',
    plant: changed((entry) =>
      entry.kind === 'fail' ? { ...entry, retryAfterSeconds: null } : entry,
    ),
  },
  {
    invariant: 'I8',
    what: 'a 503 that took too long',
    plant: changed((entry) =>
      entry.kind === 'fail' ? { ...entry, monoMs: entry.monoMs + 9000 } : entry,
    ),
  },
  {
    invariant: 'I8',
    what: 'no answer at all',
    plant: added((log) => asked(log, send, { info: 'timeout' })),
  },
  {
    invariant: 'I8',
    what: 'a message that was answered 201 and is nowhere',
    plant: without((entry) => entry.kind === 'stored' && entry.id === 'chat:c:4'),
  },
  {
    invariant: 'I9',
    what: 'a run that never came to rest',
    plant: without((entry) => entry.kind === 'quiesced'),
  },
  {
    invariant: 'I9',
    what: 'something left in the outbox',
    plant: changed((entry) =>
      entry.kind === 'quiesced' ? { ...entry, left: { outbox: 1 } } : entry,
    ),
  },
  {
    invariant: 'I9',
    what: 'a message left in a queue',
    plant: changed((entry) => (entry.kind === 'queue' ? { ...entry, messages: 1 } : entry)),
  },
  {
    invariant: 'I9',
    what: 'a delivery without an end',
    plant: changed((entry) => (isRow(entry, 'call:s1') ? { ...entry, state: 'claimed' } : entry)),
  },
  {
    invariant: 'I9',
    what: 'a delivery called accepted that no push service took',
    plant: added((log) =>
      log.add(recorded('row-phone', { event: 'chat:c:2', id: 'never', owner: 'bob' })),
    ),
  },
  {
    invariant: 'I9',
    what: 'a push that is not on record',
    plant: without((entry) => isRow(entry, 'chat:c:4')),
  },
  {
    invariant: 'I9',
    what: 'one event to one device on record twice',
    plant: added((log) =>
      log.add(
        recorded('row-phone', { event: 'chat:c:1', id: 'chat_message m4 phone', owner: 'bob' }),
      ),
    ),
  },
  {
    invariant: 'I10',
    what: 'an API that is not ready again',
    plant: without((entry) => entry.kind === 'probe'),
  },
  {
    invariant: 'I10',
    what: 'a process that ends by itself',
    plant: changed((entry) =>
      entry.kind === 'process' && entry.mayDie ? { ...entry, mayDie: false } : entry,
    ),
  },
  {
    invariant: 'I10',
    what: 'a process that does not stop properly',
    plant: changed((entry) =>
      entry.kind === 'process' && entry.code === 0 ? { ...entry, code: 1 } : entry,
    ),
  },
  {
    invariant: 'I10',
    what: 'a process that does not stop in time',
    plant: changed((entry) =>
      entry.kind === 'process' && entry.code === 0
        ? { ...entry, monoMs: entry.monoMs + 20_000 }
        : entry,
    ),
  },
  {
    invariant: 'I11',
    what: 'a secret in a log',
    plant: changed((entry) =>
      entry.kind === 'text' ? { ...entry, text: `sent ${canary}` } : entry,
    ),
  },
  {
    invariant: 'I11',
    what: 'a secret in an answer',
    plant: changed((entry) => (entry.kind === 'fail' ? { ...entry, text: canary } : entry)),
  },
  {
    invariant: 'I12',
    what: 'a call that rings again',
    plant: added((log) =>
      asked(
        log,
        { action: 'look', by: 'ana', subject: 's2' },
        { ok: { status: 200, state: 'ringing' } },
      ),
    ),
  },
  {
    invariant: 'I12',
    what: 'a final state that becomes another',
    plant: changed((entry) =>
      entry.kind === 'stored' && entry.id === 's2' ? { ...entry, state: 'declined' } : entry,
    ),
  },
  {
    invariant: 'I12',
    what: 'an attempt before its time',
    plant: changed((entry) =>
      entry.kind === 'push' && entry.status === 503 ? { ...entry, retryAfterMs: 60_000 } : entry,
    ),
  },
  {
    invariant: 'I12',
    what: 'an attempt when there was nothing to say any more',
    plant: changed((entry) =>
      entry.kind === 'push' && entry.message?.type === 'call_ended'
        ? { ...entry, message: { ...entry.message, expMs: t0 - 5000 } }
        : entry,
    ),
  },
]

describe('the checker', () => {
  test('finds nothing wrong with a run in which all went right', () => {
    expect(check(cleanLog().entries)).toEqual([])
  })

  test.each(planted)('$invariant: finds $what', ({ invariant, plant }) => {
    const found = check(plant(cleanLog().entries)).map((violation) => violation.invariant)
    expect(found).toContain(invariant)
  })

  test('has a planted violation for every invariant', () => {
    const ids = Array.from({ length: 12 }, (_, n) => `I${n + 1}`)
    expect([...new Set(planted.map(({ invariant }) => invariant))]).toEqual(ids)
  })

  test('says the same of a log that was saved and read again', () => {
    const entries = [...cleanLog().entries, ...cleanLog().entries.slice(5, 60)]
    const saved = entries.map((entry) => JSON.stringify(entry)).join('\n')
    expect(check(parseLog(saved))).toEqual(check(entries))
  })

  test('does not repeat the secret that it found', () => {
    const leaking = cleanLog()
    leaking.add({ kind: 'text', process: 'api-1', what: 'metrics', text: canary })
    expect(JSON.stringify(check(leaking.entries))).not.toContain(canary)
  })
})
