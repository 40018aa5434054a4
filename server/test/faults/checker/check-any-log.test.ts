import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { check } from './check.ts'
import { actions, parseEntry, type LogEntry } from './log-entry.ts'
import { limits } from './sample-log.ts'

/** Few names, so that entries meet. */
const name = fc.constantFrom('a', 'b', 'c', '')
const names = fc.array(name, { maxLength: 3 })
const moment = fc.oneof(fc.integer({ min: -5, max: 50 }), fc.double())
const orNull = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: null })
const status = fc.constantFrom(0, 201, 404, 410, 500, 503)
const state = fc.constantFrom('ringing', 'accepted', 'ended', 'claimed', 'missed', 'cancelled', '')
const type = fc.constantFrom('chat_message', 'incoming_call', 'missed_call', 'call_ended', '')

/** The fields of all kinds at once: a kind takes those that are its own. */
const fields = fc.record({
  wallMs: moment,
  monoMs: moment,
  op: name,
  action: fc.constantFrom(...actions),
  by: name,
  subject: name,
  to: names,
  replaces: orNull(name),
  process: name,
  status,
  id: name,
  expiresAtMs: orNull(moment),
  retryAfterSeconds: orNull(moment),
  retryAfterMs: orNull(moment),
  text: name,
  device: name,
  topic: orNull(name),
  message: orNull(fc.record({ deliveryId: name, type, subject: name, tag: name, expMs: moment })),
  name,
  signal: orNull(fc.constantFrom('SIGTERM', 'SIGKILL')),
  code: orNull(fc.integer()),
  mayDie: fc.boolean(),
  ready: fc.boolean(),
  left: fc.dictionary(name, fc.integer()),
  eventId: name,
  owner: name,
  row: orNull(name),
  state: orNull(state),
  key: orNull(name),
  messages: fc.integer(),
  rssBytes: fc.double(),
  openFiles: fc.integer(),
  remotes: names,
  address: name,
  seed: fc.integer(),
})
const kinds = fc.oneof(
  fc.constantFrom('run', 'secret', 'invoke', 'ok', 'fail', 'push', 'probe', 'quiesced').map(plain),
  fc.constantFrom('queue', 'vitals', 'allowed').map(plain),
  fc.constantFrom('timeout', 'disconnected').map((reason) => ({ kind: 'info', reason })),
  fc
    .constantFrom('started', 'ready', 'signalled', 'exited')
    .map((step) => ({ kind: 'process', step })),
  fc.constantFrom('began', 'ended').map((step) => ({ kind: 'fault', step })),
  fc.constantFrom('log', 'metrics').map((what) => ({ kind: 'text', what })),
  fc.record({ what: fc.constantFrom('message', 'call'), kind: fc.constant('stored') }),
  fc.record({ kind: fc.constant('delivery'), reason: orNull(name), state }),
  fc.record({ kind: fc.constant('dead'), reason: name }),
)
const entry: fc.Arbitrary<LogEntry> = fc
  .tuple(fields, kinds)
  .map(([rest, kind]) => finite({ limits, ...rest, ...kind }))
  .map(parseEntry)

test('the checker has an answer to any log, and the same one twice', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 60 }), (log) => {
      expect(check(log)).toEqual(check(log))
    }),
    { numRuns: 300 },
  )
})

test('the checker does not change what it is given', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 30 }), (log) => {
      const before = structuredClone(log)
      check(log)
      expect(log).toEqual(before)
    }),
    { numRuns: 100 },
  )
})

function plain(kind: string): { kind: string } {
  return { kind }
}

/** JSON knows no NaN and no infinity, so a log has none. */
function finite(value: object): object {
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      typeof each === 'number' && !Number.isFinite(each) ? 0 : each,
    ]),
  )
}
