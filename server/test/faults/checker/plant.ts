import type { LogEntry } from './log-entry.ts'
import { cleanLog, type SampleLog } from './sample-log.ts'
import type { InvariantId } from './violation.ts'

/** A violation that the checker must find. */
export interface Planted {
  readonly invariant: InvariantId
  readonly what: string
  /** Changes the entries of a clean log. */
  readonly plant: (entries: readonly LogEntry[]) => readonly LogEntry[]
}

export const without =
  (isTaken: (entry: LogEntry) => boolean): Planted['plant'] =>
  (entries) =>
    entries.filter((entry) => !isTaken(entry))
export const changed =
  (change: (entry: LogEntry) => LogEntry): Planted['plant'] =>
  (entries) =>
    entries.map(change)
/** Something more at the end of the log. */
export const added =
  (...more: ReadonlyArray<(log: SampleLog) => void>): Planted['plant'] =>
  () => {
    const log = cleanLog()
    for (const add of more) add(log)
    return log.entries
  }

export function ofDevice(entry: LogEntry, device: string, type: string): boolean {
  return entry.kind === 'push' && entry.device === device && entry.message?.type === type
}

export function isRow(entry: LogEntry, eventId: string): boolean {
  return entry.kind === 'delivery' && entry.eventId === eventId
}
