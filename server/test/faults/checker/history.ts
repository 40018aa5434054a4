import type { EntryOf, Limits, LogEntry } from './log-entry.ts'

/** A log, read once and indexed; what every invariant looks at. */
export interface History {
  readonly run: EntryOf<'run'> | null
  readonly limits: Limits
  readonly operations: readonly Operation[]
  readonly devices: ReadonlyMap<string, DeviceLife>
  /** Device by row: the last that had it. */
  readonly deviceOfRow: ReadonlyMap<string, string>
  /** In order of arrival. */
  readonly pushes: readonly EntryOf<'push'>[]
  readonly deliveries: readonly EntryOf<'delivery'>[]
  readonly stored: readonly EntryOf<'stored'>[]
  /** Times in which something was broken on purpose, or a process died. */
  readonly disturbances: readonly Interval[]
  /** Entries of one kind, in order. */
  of<Kind extends LogEntry['kind']>(kind: Kind): readonly EntryOf<Kind>[]
}

export interface Operation {
  readonly invoke: EntryOf<'invoke'>
  /** Null: the log ends before. */
  readonly outcome: EntryOf<'ok'> | EntryOf<'fail'> | EntryOf<'info'> | null
}

export interface DeviceLife {
  readonly device: string
  readonly owner: string
  readonly row: string | null
  /** Monotonic; from here on every event is owed to it. */
  readonly sinceMs: number
  /** Somebody began to end it, or the push service said that it is gone; Infinity: never. */
  readonly untilMs: number
  /** Its end was confirmed to its owner. */
  readonly endedMs: number
}

/** Monotonic. */
export interface Interval {
  readonly fromMs: number
  readonly toMs: number
}

const lenient: Limits = {
  slackMs: 1000,
  lateStopMs: 2000,
  answerWithinMs: Infinity,
  drainWithinMs: Infinity,
  readyWithinMs: Infinity,
  containedWithinMs: null,
  rssBytes: Infinity,
  openFiles: Infinity,
  logBytes: Infinity,
}

export function readHistory(log: readonly LogEntry[]): History {
  const of = <Kind extends LogEntry['kind']>(kind: Kind): EntryOf<Kind>[] =>
    log.filter((entry): entry is EntryOf<Kind> => entry.kind === kind)
  const [run = null] = of('run')
  const operations = readOperations(log)
  const pushes = of('push').sort((one, other) => one.monoMs - other.monoMs)
  const devices = readDevices(operations, pushes)
  const lives = [...devices.values()].sort((one, other) => one.sinceMs - other.sinceMs)
  return {
    run,
    limits: run?.limits ?? lenient,
    operations,
    devices,
    deviceOfRow: new Map(lives.flatMap(({ row, device }) => (row === null ? [] : [[row, device]]))),
    pushes,
    deliveries: of('delivery'),
    stored: of('stored'),
    disturbances: [...faultIntervals(of('fault')), ...deathIntervals(of('process'))],
    of,
  }
}

function readOperations(log: readonly LogEntry[]): Operation[] {
  const outcomes = new Map<string, NonNullable<Operation['outcome']>>()
  for (const entry of log) {
    const ends = entry.kind === 'ok' || entry.kind === 'fail' || entry.kind === 'info'
    if (ends && !outcomes.has(entry.op)) outcomes.set(entry.op, entry)
  }
  return log.flatMap((entry) =>
    entry.kind === 'invoke' ? [{ invoke: entry, outcome: outcomes.get(entry.op) ?? null }] : [],
  )
}

function readDevices(
  operations: readonly Operation[],
  pushes: readonly EntryOf<'push'>[],
): Map<string, DeviceLife> {
  const begins = new Map<string, DeviceLife>()
  const ends = new Map<string, { untilMs: number; endedMs: number }>()
  const end = (device: string, untilMs: number, endedMs: number) => {
    const known = ends.get(device) ?? { untilMs: Infinity, endedMs: Infinity }
    ends.set(device, {
      untilMs: Math.min(known.untilMs, untilMs),
      endedMs: Math.min(known.endedMs, endedMs),
    })
  }
  for (const { invoke, outcome } of operations) {
    const { action, subject: device, by: owner, replaces } = invoke
    const done = outcome?.kind === 'ok' ? outcome : null
    if (action === 'subscribe' && replaces !== null) end(replaces, invoke.monoMs, Infinity)
    if (action === 'unsubscribe') end(device, invoke.monoMs, done?.monoMs ?? Infinity)
    if (action !== 'subscribe') continue
    const sinceMs = done?.monoMs ?? Infinity
    const known = begins.get(device)
    if (known !== undefined && known.sinceMs <= sinceMs) continue
    begins.set(device, { device, owner, row: done?.id ?? null, sinceMs, ...forEver })
  }
  for (const { device, status, monoMs } of pushes) {
    if (status === 404 || status === 410) end(device, monoMs, Infinity)
  }
  const lives = [...begins.values()].map((life) => ({ ...life, ...ends.get(life.device) }))
  return new Map(lives.map((life) => [life.device, life]))
}

const forEver = { untilMs: Infinity, endedMs: Infinity }

function faultIntervals(faults: readonly EntryOf<'fault'>[]): Interval[] {
  return faults.flatMap(({ name, step, monoMs: fromMs }) => {
    if (step !== 'began') return []
    const over = faults.find(
      (each) => each.name === name && each.step === 'ended' && each.monoMs >= fromMs,
    )
    return [{ fromMs, toMs: over?.monoMs ?? Infinity }]
  })
}

function deathIntervals(steps: readonly EntryOf<'process'>[]): Interval[] {
  return steps.flatMap(({ name, step, monoMs: toMs }) => {
    if (step !== 'exited') return []
    const signalled = steps.findLast(
      (each) => each.name === name && each.step === 'signalled' && each.monoMs <= toMs,
    )
    return [{ fromMs: signalled?.monoMs ?? toMs, toMs }]
  })
}
