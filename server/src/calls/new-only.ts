import type { Call as CallView } from '@belfry/contracts'

/** Calls of which the last word is kept; the one longest untold makes way. */
const most = 1000

/**
 * Tells a view from the one that was told last of the same call: a ring is looked at when its first
 * device has it and again at the end, and by either push worker, and mostly finds the same. The clock
 * in it does not count. Of one process: another may tell the same once more.
 */
export function createNewOnly(): (view: CallView) => boolean {
  const told = new Map<string, string>()
  return (view) => {
    const words = JSON.stringify({ ...view, serverTime: null })
    if (told.get(view.sessionId) === words) return false
    told.delete(view.sessionId)
    told.set(view.sessionId, words)
    const oldest = told.keys().next().value
    if (told.size > most && oldest !== undefined) told.delete(oldest)
    return true
  }
}
