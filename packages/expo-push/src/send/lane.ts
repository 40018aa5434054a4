import type { PendingPush } from './pending-push.ts'

/** Expo takes no more in one request, counting every `to`; each of our messages has one. */
export const LARGEST_BATCH = 100

/** Where pushes of one pace wait, each project by itself. */
export interface Lane {
  /** Waits for company, then goes. */
  add(push: PendingPush, nowMs: number): void
  /** These go in a request of their own, before all others. */
  addBatch(pushes: readonly PendingPush[]): void
  /** Not before then. */
  addLater(push: PendingPush, atMs: number): void
  remove(push: PendingPush): void
  /** At most `most` pushes for one request, all of one project; none when none is ready. */
  take(most: number, nowMs: number): PendingPush[]
  /** Everything that waits here. */
  all(): PendingPush[]
  /** From when on `take` gives something. Milliseconds since 1970, or Infinity. */
  readyAtMs(): number
}

interface Group {
  readonly pushes: Set<PendingPush>
  /** From then on nobody here waits for company any more. */
  goesAtMs: number
}

/** @param gatherMs How long a push waits for company; 0 for a lane of rings. */
export function createLane(gatherMs: number): Lane {
  const batches = new Set<Set<PendingPush>>()
  const groups = new Map<string | null, Group>()
  const later = new Map<PendingPush, number>()

  const join = (push: PendingPush, goesAtMs: number): void => {
    const group = groups.get(push.project) ?? { pushes: new Set(), goesAtMs }
    group.pushes.add(push)
    group.goesAtMs = Math.min(group.goesAtMs, goesAtMs)
    groups.set(push.project, group)
  }

  const nextUp = (nowMs: number): Set<PendingPush> | undefined => {
    const [batch] = batches
    if (batch) return batch
    for (const [project, group] of groups) {
      if (readyAtMsOf(group) > nowMs) continue
      // To the back, so that a project with many does not hold up the others.
      groups.delete(project)
      groups.set(project, group)
      return group.pushes
    }
    return undefined
  }

  const lane: Lane = {
    add(push, nowMs) {
      // Whoever has little time spends half of it on company at most.
      const patienceMs = Math.min(gatherMs, (push.deadlineAtMs - nowMs) / 2)
      join(push, nowMs + patienceMs)
    },
    addBatch(pushes) {
      batches.add(new Set(pushes))
    },
    addLater(push, atMs) {
      later.set(push, atMs)
    },
    remove(push) {
      later.delete(push)
      for (const batch of batches) if (batch.delete(push) && batch.size === 0) batches.delete(batch)
      const group = groups.get(push.project)
      if (group?.pushes.delete(push) && group.pushes.size === 0) groups.delete(push.project)
    },
    take(most, nowMs) {
      if (most < 1) return []
      for (const [push, atMs] of later) {
        if (atMs > nowMs) continue
        later.delete(push)
        join(push, nowMs)
      }
      const taken = [...(nextUp(nowMs) ?? [])].slice(0, most)
      for (const push of taken) lane.remove(push)
      return taken
    },
    all() {
      const grouped = [...groups.values()].map(({ pushes }) => pushes)
      return [...later.keys(), ...[...batches, ...grouped].flatMap((pushes) => [...pushes])]
    },
    readyAtMs() {
      if (batches.size > 0) return -Infinity
      return Math.min(...later.values(), ...[...groups.values()].map(readyAtMsOf))
    },
  }
  return lane
}

function readyAtMsOf({ pushes, goesAtMs }: Group): number {
  return pushes.size >= LARGEST_BATCH ? -Infinity : goesAtMs
}
