import { noLoss } from './i01-no-loss.ts'
import { seenOnce } from './i02-seen-once.ts'
import { noLateRing } from './i03-no-late-ring.ts'
import { isolation } from './i04-isolation.ts'
import { containment } from './i05-containment.ts'
import { egress } from './i06-egress.ts'
import { bounded } from './i07-bounded.ts'
import { honestApi } from './i08-honest-api.ts'
import { conservation } from './i09-conservation.ts'
import { selfHeal } from './i10-self-heal.ts'
import { silence } from './i11-silence.ts'
import { monotone } from './i12-monotone.ts'
import { readHistory, type History } from './history.ts'
import type { LogEntry } from './log-entry.ts'
import type { Violation } from './violation.ts'

/** Every invariant, in order. */
const invariants: ReadonlyArray<(history: History) => Violation[]> = [
  noLoss,
  seenOnce,
  noLateRing,
  isolation,
  containment,
  egress,
  bounded,
  honestApi,
  conservation,
  selfHeal,
  silence,
  monotone,
]

/**
 * Whether a run kept the promises of the design, from nothing but what was seen of it. Pure: the same log gives the
 * same answer, on any machine and at any time. Empty: no invariant was broken.
 */
export function check(log: readonly LogEntry[]): Violation[] {
  const history = readHistory(log)
  return invariants.flatMap((invariant) => invariant(history))
}
