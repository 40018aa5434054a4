import { parseEntry, type EntryOf, type LogEntry, type NewEntry } from './log-entry.ts'

/** A log whose clock starts at `t0` and goes on by 10 ms an entry. */
export interface SampleLog {
  readonly entries: readonly LogEntry[]
  add(...entries: readonly NewEntry[]): void
  /** Lets so much time pass. */
  wait(ms: number): void
}

export const t0 = 1_795_300_000_000
export const limits = {
  slackMs: 1000,
  lateStopMs: 2000,
  answerWithinMs: 6000,
  drainWithinMs: 10_000,
  readyWithinMs: 30_000,
  containedWithinMs: 1000,
  rssBytes: 400_000_000,
  openFiles: 500,
  logBytes: 1_000_000,
}
export const canary = 'canary-of-the-sample'

export function sampleLog(): SampleLog {
  const entries: LogEntry[] = []
  let passedMs = 0
  return {
    entries,
    add(...added) {
      for (const entry of added) {
        passedMs += 10
        entries.push(parseEntry({ wallMs: t0 + passedMs, monoMs: passedMs, ...entry }))
      }
    },
    wait(ms) {
      passedMs += ms
    },
  }
}

interface Asked {
  readonly action: EntryOf<'invoke'>['action']
  readonly by: string
  readonly subject: string
  readonly to?: readonly string[]
  readonly replaces?: string
  readonly process?: string | null
}

export function asked(
  log: SampleLog,
  { process = 'api-1', to = [], ...rest }: Asked,
  outcome:
    | { readonly ok: Omit<Extract<NewEntry, { kind: 'ok' }>, 'kind' | 'op'> }
    | { readonly fail: Omit<Extract<NewEntry, { kind: 'fail' }>, 'kind' | 'op'> }
    | { readonly info: 'timeout' | 'disconnected' },
): void {
  const op = `o${log.entries.length}`
  log.add({ kind: 'invoke', op, process, to: [...to], ...rest })
  if ('ok' in outcome) log.add({ kind: 'ok', op, ...outcome.ok })
  else if ('fail' in outcome) log.add({ kind: 'fail', op, ...outcome.fail })
  else log.add({ kind: 'info', op, reason: outcome.info })
}

export function pushed(
  device: string,
  message: { type: string; subject: string; id?: string; expMs?: number; tag?: string },
  status = 201,
): Extract<NewEntry, { kind: 'push' }> {
  const { type, subject, expMs = t0 + 86_400_000 } = message
  const deliveryId = message.id ?? `${type} ${subject} ${device}`
  const tag = message.tag ?? `tag-${subject}`
  return {
    kind: 'push',
    device,
    status,
    topic: `topic-${subject}`,
    message: { deliveryId, type, subject, tag, expMs },
  }
}

export function recorded(
  device: string | null,
  row: { event: string; id: string; owner: string; state?: string; reason?: string },
): Extract<NewEntry, { kind: 'delivery' }> {
  const { event: eventId, id, owner, state = 'accepted', reason = null } = row
  return { kind: 'delivery', id, eventId, owner, row: device, state, reason }
}

/** Expires 30 s after the sample begins. */
export const ringExpMs = t0 + 30_000

/**
 * Everything that may happen and is right: a copy after a crash, a refusal during an outage, a device that signs out,
 * a poison, a missed call, an answered one.
 */
export function cleanLog(): SampleLog {
  const log = sampleLog()
  log.add({
    kind: 'run',
    seed: 1,
    limits,
  })
  log.add({ kind: 'allowed', address: '127.0.0.1:5672' })
  log.add({ kind: 'secret', text: canary })
  for (const name of ['api-1', 'worker-1']) {
    log.add({ kind: 'process', name, step: 'started' }, { kind: 'process', name, step: 'ready' })
  }
  for (const device of ['laptop', 'phone', 'old']) {
    asked(
      log,
      { action: 'subscribe', by: 'bob', subject: device },
      { ok: { status: 201, id: `row-${device}` } },
    )
  }
  asked(log, { action: 'unsubscribe', by: 'bob', subject: 'old' }, { ok: { status: 204 } })
  log.wait(3000)
  messages(log)
  calls(log)
  faults(log)
  rest(log)
  return log
}

function messages(log: SampleLog): void {
  asked(
    log,
    { action: 'send', by: 'ana', subject: 'm1', to: ['bob', 'carl'] },
    { ok: { status: 201, id: 'chat:c:1' } },
  )
  log.add(pushed('laptop', { type: 'chat_message', subject: 'm1' }))
  log.add({ kind: 'process', name: 'worker-1', step: 'signalled', signal: 'SIGKILL' })
  log.add({ kind: 'process', name: 'worker-1', step: 'exited', code: null })
  log.add({ kind: 'process', name: 'worker-1', step: 'started', mayDie: true })
  log.wait(2000)
  log.add(pushed('laptop', { type: 'chat_message', subject: 'm1' }))
  log.add({ ...pushed('phone', { type: 'chat_message', subject: 'm1' }, 503), retryAfterMs: 500 })
  log.add({ kind: 'process', name: 'worker-1', step: 'exited', code: null })
  log.add({ kind: 'process', name: 'worker-1', step: 'started' })
  log.wait(1000)
  log.add(pushed('phone', { type: 'chat_message', subject: 'm1' }))
  asked(log, { action: 'send', by: 'ana', subject: 'm2', to: ['bob'] }, { info: 'disconnected' })
}

function calls(log: SampleLog): void {
  for (const session of ['s1', 's2']) {
    asked(
      log,
      { action: 'call', by: 'ana', subject: `call ${session}`, to: ['bob'] },
      { ok: { status: 201, id: session, expiresAtMs: ringExpMs } },
    )
    for (const device of ['laptop', 'phone']) {
      log.add(pushed(device, { type: 'incoming_call', subject: session, expMs: ringExpMs }))
    }
    asked(
      log,
      { action: 'look', by: 'ana', subject: session },
      { ok: { status: 200, state: 'ringing' } },
    )
  }
  asked(log, { action: 'end', by: 'bob', subject: 's2' }, { ok: { status: 200 } })
  log.add(pushed('phone', { type: 'call_ended', subject: 's2' }))
  asked(log, { action: 'look', by: 'ana', subject: 's2' }, { ok: { status: 200, state: 'ended' } })
  log.wait(30_000)
  for (const device of ['laptop', 'phone']) {
    log.add(pushed(device, { type: 'missed_call', subject: 's1' }))
  }
}

function faults(log: SampleLog): void {
  log.add({ kind: 'fault', name: 'outage', step: 'began' })
  asked(
    log,
    { action: 'send', by: 'ana', subject: 'm3', to: ['bob'] },
    { fail: { status: 503, retryAfterSeconds: 2, text: 'STORE_UNAVAILABLE' } },
  )
  log.add({ kind: 'fault', name: 'outage', step: 'ended' })
  log.wait(1000)
  log.add({ kind: 'probe', process: 'api-1', ready: true })
  asked(
    log,
    { action: 'poison', by: 'mallory', subject: 'p1', process: null },
    { ok: { status: 0 } },
  )
  log.add({ kind: 'dead', reason: 'unreadable: not JSON', subject: 'p1' })
  asked(
    log,
    { action: 'send', by: 'ana', subject: 'm4', to: ['bob'] },
    { ok: { status: 201, id: 'chat:c:4' } },
  )
  for (const device of ['laptop', 'phone']) {
    log.add(pushed(device, { type: 'chat_message', subject: 'm4' }))
  }
  log.add({ kind: 'process', name: 'api-1', step: 'signalled', signal: 'SIGTERM' })
  log.wait(500)
  log.add({ kind: 'process', name: 'api-1', step: 'exited', code: 0 })
}

function rest(log: SampleLog): void {
  log.add({
    kind: 'vitals',
    process: 'worker-1',
    rssBytes: 100_000_000,
    openFiles: 40,
    remotes: ['127.0.0.1:5672'],
  })
  log.add({ kind: 'text', process: 'worker-1', what: 'log', text: 'WebPush: Sent chat push' })
  log.add({ kind: 'quiesced', left: { outbox: 0, deliveries: 0 } })
  for (const [event, subject, type] of [
    ['chat:c:1', 'm1', 'chat_message'],
    ['chat:c:4', 'm4', 'chat_message'],
    ['call:s1', 's1', 'incoming_call'],
    ['call:s2', 's2', 'incoming_call'],
    ['end:s1:missed', 's1', 'missed_call'],
  ] as const) {
    for (const device of ['laptop', 'phone']) {
      const id = `${type} ${subject} ${device}`
      log.add(recorded(`row-${device}`, { event, id, owner: 'bob' }))
    }
  }
  const ended = { event: 'end:s2:accepted', id: 'call_ended s2 phone', owner: 'bob' }
  log.add(recorded('row-phone', ended))
  const suppressed = { event: 'chat:c:1', id: 'nobody', owner: 'carl', state: 'suppressed' }
  log.add(recorded(null, { ...suppressed, reason: 'no_device' }))
  for (const id of ['chat:c:1', 'chat:c:4']) {
    log.add({ kind: 'stored', what: 'message', id, key: id, state: null, to: ['bob'] })
  }
  log.add({ kind: 'stored', what: 'call', id: 's1', key: null, state: 'missed', to: ['bob'] })
  log.add({ kind: 'stored', what: 'call', id: 's2', key: null, state: 'ended', to: ['bob'] })
  log.add({ kind: 'queue', name: 'web-push.chat', messages: 0 })
  log.add({ kind: 'queue', name: 'dead', messages: 1 })
}
