import type { History } from './history.ts'
import type { LogEntry } from './log-entry.ts'
import type { Violation } from './violation.ts'

/** I7, bounded: memory, open files (sockets among them) and what is logged stay within the run's limits. */
export function bounded(history: History): Violation[] {
  const { rssBytes, openFiles, logBytes } = history.limits
  const vitals = history
    .of('vitals')
    .flatMap((entry) => [
      ...(entry.rssBytes > rssBytes
        ? [violation(`${entry.process} holds ${entry.rssBytes} bytes of memory`, entry)]
        : []),
      ...(entry.openFiles > openFiles
        ? [violation(`${entry.process} has ${entry.openFiles} open files`, entry)]
        : []),
    ])
  const logs = Map.groupBy(
    history.of('text').filter(({ what }) => what === 'log'),
    ({ process }) => process,
  )
  const talkative = [...logs].flatMap(([process, texts]) => {
    const bytes = texts.reduce((sum, { text }) => sum + text.length, 0)
    return bytes > logBytes ? [violation(`${process} logged ${bytes} bytes`, null)] : []
  })
  return [...vitals, ...talkative]
}

function violation(what: string, entry: LogEntry | null): Violation {
  return { invariant: 'I7', what, entry }
}
