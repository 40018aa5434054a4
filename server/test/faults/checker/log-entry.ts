import * as z from 'zod'

/** Wall clock for what the world sees, monotonic clock for order; both milliseconds, from one machine. */
const stamp = { wallMs: z.number(), monoMs: z.number() }

/** What a client, or another backend by way of the exchange, asks for. `subject` is what it concerns. */
export const actions = [
  /** Subject: the key in the message's text. `to`: recipients. */
  'send',
  /** Subject: a name of the test's own; the outcome's `id` is the session. `to`: callees. */
  'call',
  /** Subject: the session that stops ringing. */
  'end',
  /** Subject: the session. The outcome has its `state`. */
  'look',
  /** Subject: the device; the outcome's `id` is its row. `replaces`: the device whose row it takes. */
  'subscribe',
  /** Subject: the device. */
  'unsubscribe',
  /** Subject: names a message that nobody can read. */
  'poison',
  /** Anything else: only its answer is judged. */
  'other',
] as const

const limits = z.object({
  /** For what arrives later than it was sent, on a busy machine. */
  slackMs: z.number(),
  /** A device that signed out, and a ring that was ended, may be sent to for so long. */
  lateStopMs: z.number(),
  answerWithinMs: z.number(),
  drainWithinMs: z.number(),
  readyWithinMs: z.number(),
  /** Of others than the poison, at p99; null: no figure is asserted. */
  containedWithinMs: z.number().nullable(),
  rssBytes: z.number(),
  openFiles: z.number(),
  /** Of one process. */
  logBytes: z.number(),
})
export type Limits = z.infer<typeof limits>

const run = z.object({
  ...stamp,
  kind: z.literal('run'),
  seed: z.number(),
  limits,
})
/** `address:port` that the processes may connect to. */
const allowed = z.object({ ...stamp, kind: z.literal('allowed'), address: z.string() })
/** It may be nowhere in logs, metrics or answers. */
const secret = z.object({ ...stamp, kind: z.literal('secret'), text: z.string() })
const invoke = z.object({
  ...stamp,
  kind: z.literal('invoke'),
  op: z.string(),
  action: z.enum(actions),
  by: z.string(),
  subject: z.string(),
  to: z.array(z.string()).default([]),
  replaces: z.string().nullable().default(null),
  /** Asked; null: the exchange. */
  process: z.string().nullable(),
})
const ok = z.object({
  ...stamp,
  kind: z.literal('ok'),
  op: z.string(),
  status: z.number(),
  id: z.string().nullable().default(null),
  state: z.string().nullable().default(null),
  /** With a call. */
  expiresAtMs: z.number().nullable().default(null),
})
const fail = z.object({
  ...stamp,
  kind: z.literal('fail'),
  op: z.string(),
  status: z.number(),
  retryAfterSeconds: z.number().nullable(),
  text: z.string(),
})
/** It may or may not have happened. */
const info = z.object({
  ...stamp,
  kind: z.literal('info'),
  op: z.string(),
  reason: z.enum(['timeout', 'disconnected']),
})
const push = z.object({
  ...stamp,
  kind: z.literal('push'),
  device: z.string(),
  /** Null: no answer was given. */
  status: z.number().nullable(),
  retryAfterMs: z.number().nullable().default(null),
  topic: z.string().nullable(),
  /** What the device read; null: it could not be decrypted. */
  message: z
    .object({
      deliveryId: z.string(),
      type: z.string(),
      /** Of a chat message the key in its text, else the session. */
      subject: z.string(),
      tag: z.string(),
      /** After this there is nothing to say any more. */
      expMs: z.number(),
    })
    .nullable(),
})
const processStep = z.object({
  ...stamp,
  kind: z.literal('process'),
  name: z.string(),
  step: z.enum(['started', 'ready', 'signalled', 'exited']),
  /** With `signalled`. */
  signal: z.string().nullable().default(null),
  /** With `exited`. */
  code: z.number().nullable().default(null),
  /** With `started`: it is meant to die by itself. */
  mayDie: z.boolean().default(false),
})
const fault = z.object({
  ...stamp,
  kind: z.literal('fault'),
  name: z.string(),
  step: z.enum(['began', 'ended']),
})
const probe = z.object({
  ...stamp,
  kind: z.literal('probe'),
  process: z.string(),
  ready: z.boolean(),
})
const quiesced = z.object({
  ...stamp,
  kind: z.literal('quiesced'),
  /** What is still open, by name; all 0 when it is quiet. */
  left: z.record(z.string(), z.number()),
})
const delivery = z.object({
  ...stamp,
  kind: z.literal('delivery'),
  id: z.string(),
  eventId: z.string(),
  owner: z.string(),
  /** Row of the device. */
  row: z.string().nullable(),
  state: z.string(),
  reason: z.string().nullable(),
})
const stored = z.object({
  ...stamp,
  kind: z.literal('stored'),
  what: z.enum(['message', 'call']),
  /** Of the message its event's, of the call its session. */
  id: z.string(),
  /** Of a message: the key in its text. */
  key: z.string().nullable(),
  /** Of a call. */
  state: z.string().nullable(),
  to: z.array(z.string()),
})
const queue = z.object({
  ...stamp,
  kind: z.literal('queue'),
  name: z.string(),
  messages: z.number(),
})
const dead = z.object({
  ...stamp,
  kind: z.literal('dead'),
  reason: z.string(),
  /** Of the poison it is; null: it is none of ours. */
  subject: z.string().nullable(),
})
const vitals = z.object({
  ...stamp,
  kind: z.literal('vitals'),
  process: z.string(),
  rssBytes: z.number(),
  openFiles: z.number(),
  /** `address:port` that it has connections to. */
  remotes: z.array(z.string()),
})
const text = z.object({
  ...stamp,
  kind: z.literal('text'),
  process: z.string(),
  what: z.enum(['log', 'metrics']),
  text: z.string(),
})

const logEntry = z.discriminatedUnion('kind', [
  run,
  allowed,
  secret,
  invoke,
  ok,
  fail,
  info,
  push,
  processStep,
  fault,
  probe,
  quiesced,
  delivery,
  stored,
  queue,
  dead,
  vitals,
  text,
])
export type LogEntry = z.infer<typeof logEntry>
export type EntryOf<Kind extends LogEntry['kind']> = Extract<LogEntry, { kind: Kind }>
/** As it is written: without its stamp, and without what has a default. */
export type NewEntry =
  z.input<typeof logEntry> extends infer Each
    ? Each extends unknown
      ? Omit<Each, 'wallMs' | 'monoMs'>
      : never
    : never

/** Fills in defaults. Throws when it is no entry. */
export function parseEntry(value: unknown): LogEntry {
  return logEntry.parse(value)
}

/** Reads a log as it was saved, one entry a line. Throws at a line that is none. */
export function parseLog(jsonLines: string): LogEntry[] {
  const lines = jsonLines.split('\n').filter((line) => line !== '')
  return lines.map((line) => parseEntry(JSON.parse(line)))
}
