import type { LogEntry } from '../checker/log-entry.ts'

/** What was broken and who died, with the second of the run: what a failing run is read with. */
export function killPoints(entries: readonly LogEntry[]): string {
  const [first] = entries
  const at = (entry: LogEntry) => ((entry.monoMs - (first?.monoMs ?? 0)) / 1000).toFixed(1)
  const points = entries.flatMap((entry) => {
    if (entry.kind === 'fault' && entry.step === 'began') return [`${entry.name} at ${at(entry)} s`]
    if (entry.kind !== 'process' || entry.step !== 'exited') return []
    return [`${entry.name} ended at ${at(entry)} s`]
  })
  return `${entries.length} entries; ${points.join(', ')}`
}
