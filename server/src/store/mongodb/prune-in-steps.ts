import type { Attempt } from './attempt.ts'

/** Small enough that a step is over long before an operation is given up. */
const documentsPerStep = 500

/** Deletes what is over, step by step, in the order of `_id`: two who prune at once must not lock crosswise. */
export async function pruneInSteps(
  attempt: Attempt,
  step: {
    /** Ids of some that are over. */
    readonly find: (limit: number) => Promise<readonly string[]>
    readonly remove: (ids: readonly string[]) => Promise<unknown>
  },
): Promise<void> {
  for (;;) {
    const found = await attempt('forget what is over', async () => {
      const ids = await step.find(documentsPerStep)
      if (ids.length > 0) await step.remove(ids.toSorted())
      return ids.length
    })
    if (found < documentsPerStep) return
  }
}
