import type { LogEntry } from './log-entry.ts'

export type InvariantId =
  | 'I1'
  | 'I2'
  | 'I3'
  | 'I4'
  | 'I5'
  | 'I6'
  | 'I7'
  | 'I8'
  | 'I9'
  | 'I10'
  | 'I11'
  | 'I12'

/** One broken promise, in words, with the entry that shows it where there is one. */
export interface Violation {
  readonly invariant: InvariantId
  readonly what: string
  readonly entry: LogEntry | null
}
