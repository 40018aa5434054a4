/** What this phone remembers of pushes and calls, over its restarts. */
export interface PhoneRecord {
  /** Deliveries that alerted; newest last. */
  readonly seen: readonly string[]
  /** Calls that are over, by session; newest last. A ring that comes late does not ring. */
  readonly ended: readonly string[]
  /** By how much the server's clock is ahead of this phone's, at least. */
  readonly clockOffsetMs: number
}

/** Where it is kept. A change reads and writes as one, in the order asked for. */
export interface PhoneRecordStore {
  read(): Promise<PhoneRecord>
  change(step: (record: PhoneRecord) => PhoneRecord): Promise<void>
}

export const emptyRecord: PhoneRecord = { seen: [], ended: [], clockOffsetMs: 0 }

/** Enough for a day's calls and messages of a busy person. */
const kept = 200

export function withSeen(record: PhoneRecord, id: string): PhoneRecord {
  return { ...record, seen: newest(record.seen, id) }
}

export function withEnded(record: PhoneRecord, sessionId: string): PhoneRecord {
  return { ...record, ended: newest(record.ended, sessionId) }
}

/**
 * The server's clock, corrected by every push: it is at least at the moment when it sent one.
 * A push on its way makes the offset too small, never too large, so the largest is the best.
 */
export function withClock(record: PhoneRecord, ts: number, nowMs: number): PhoneRecord {
  if (ts === 0) return record
  return { ...record, clockOffsetMs: Math.max(record.clockOffsetMs, ts * 1000 - nowMs) }
}

/** Reads what was written; anything else is an empty record. */
export function parseRecord(value: unknown): PhoneRecord {
  if (typeof value !== 'object' || value === null) return emptyRecord
  const { seen, ended, clockOffsetMs }: Readonly<Record<string, unknown>> = { ...value }
  return {
    seen: texts(seen),
    ended: texts(ended),
    clockOffsetMs: typeof clockOffsetMs === 'number' ? clockOffsetMs : 0,
  }
}

function newest(list: readonly string[], entry: string): readonly string[] {
  return [...list.filter((other) => other !== entry), entry].slice(-kept)
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : []
}
