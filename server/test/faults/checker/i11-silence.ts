import type { History } from './history.ts'
import type { LogEntry } from './log-entry.ts'
import type { Violation } from './violation.ts'

/** I11, silence: no endpoint, token, key or message text in logs, metrics or the errors of the API. */
export function silence(history: History): Violation[] {
  const secrets = new Set(history.of('secret').map(({ text }) => text))
  secrets.delete('')
  const said = [
    ...history.of('text').map((entry) => ({
      where: `the ${entry.what} of ${entry.process}`,
      text: entry.text,
      entry,
    })),
    ...history.of('fail').map((entry) => ({ where: 'an answer', text: entry.text, entry })),
  ]
  return said.flatMap(({ where, text, entry }) =>
    [...secrets]
      .filter((secret) => text.includes(secret))
      .map((secret) => violation(`${where} says ${secret.slice(0, 6)}…`, entry)),
  )
}

function violation(what: string, entry: LogEntry): Violation {
  // What was said would be said again with the whole entry.
  const { kind, wallMs, monoMs } = entry
  return { invariant: 'I11', what: `${what} (${kind} at ${wallMs}, ${monoMs})`, entry: null }
}
