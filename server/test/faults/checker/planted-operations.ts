import { added, changed, isRow, without, type Planted } from './plant.ts'
import { asked, canary, recorded, t0 } from './sample-log.ts'

const send = { action: 'send', by: 'ana', subject: 'm9', to: ['bob'] } as const

/** I5 to I12: how the system behaves. */
export const plantedOperations: readonly Planted[] = [
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
