import type { History } from './history.ts'
import type { EntryOf, LogEntry } from './log-entry.ts'
import type { Violation } from './violation.ts'

/**
 * I10, self-healing: once a fault is over the API says that it is ready again, in time; and no process ends but by a
 * signal or where it was told to. SIGTERM ends it in time and with 0; asked a second time it may give up with 1.
 */
export function selfHeal(history: History): Violation[] {
  const { readyWithinMs } = history.limits
  const probes = history.of('probe').filter(({ ready }) => ready)
  const sick = history
    .of('fault')
    .filter(({ step }) => step === 'ended')
    .flatMap((entry) => {
      const healed = probes.some(
        ({ monoMs }) => monoMs >= entry.monoMs && monoMs <= entry.monoMs + readyWithinMs,
      )
      return healed ? [] : [violation(`not ready in time after: ${entry.name}`, entry)]
    })
  const byName = Map.groupBy(history.of('process'), ({ name }) => name)
  return [...sick, ...[...byName.values()].flatMap((steps) => exits(history, steps))]
}

function exits(history: History, steps: readonly EntryOf<'process'>[]): Violation[] {
  const { drainWithinMs } = history.limits
  let mayDie = false
  let signalled: EntryOf<'process'> | null = null
  let asked = 0
  return steps.flatMap((entry) => {
    const { name, step, code } = entry
    if (step === 'started') {
      mayDie = entry.mayDie
      signalled = null
      asked = 0
    }
    if (step === 'signalled') asked += 1
    // The first of several counts.
    if (step === 'signalled') signalled = entry.signal === 'SIGKILL' ? entry : (signalled ?? entry)
    if (step !== 'exited') return []
    if (signalled === null) {
      return mayDie ? [] : [violation(`${name} ended by itself with ${code ?? 'a signal'}`, entry)]
    }
    if (signalled.signal !== 'SIGTERM') return []
    if (code !== 0 && asked < 2)
      return [violation(`${name} was asked to stop and ended with ${code}`, entry)]
    const tookMs = entry.monoMs - signalled.monoMs
    if (tookMs <= drainWithinMs) return []
    return [violation(`${name} took ${Math.round(tookMs)} ms to stop`, entry)]
  })
}

function violation(what: string, entry: LogEntry): Violation {
  return { invariant: 'I10', what, entry }
}
