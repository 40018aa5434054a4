import { writeFileSync } from 'node:fs'
import { parseEntry, type LogEntry, type NewEntry } from '../checker/log-entry.ts'

/** The log of one run. Everything that is judged is written here, and nothing else is. */
export interface EventRecorder {
  readonly entries: readonly LogEntry[]
  /** Stamps and keeps it. */
  write(entry: NewEntry): void
  /** Writes all of it, one entry a line. */
  save(path: string): void
}

export function createEventRecorder(): EventRecorder {
  const entries: LogEntry[] = []
  return {
    entries,
    write(entry) {
      entries.push(parseEntry({ wallMs: Date.now(), monoMs: performance.now(), ...entry }))
    },
    save(path) {
      writeFileSync(path, '')
      for (let at = 0; at < entries.length; at += 1000) {
        const lines = entries.slice(at, at + 1000).map((entry) => `${JSON.stringify(entry)}\n`)
        writeFileSync(path, lines.join(''), { flag: 'a' })
      }
    },
  }
}
