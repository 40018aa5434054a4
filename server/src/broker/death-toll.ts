import { deathCauses, queueNames, type Broker, type DeathCause, type QueueName } from './port.ts'

/** Counts what one process set aside. */
export interface DeathToll {
  add(queue: QueueName, cause: DeathCause): void
  readonly counts: Broker['deaths']
}

export function deathToll(): DeathToll {
  // From nothing on: to whoever watches a counter, one that appears with its first death has not grown.
  const counts = queueNames.flatMap((queue) =>
    deathCauses.map((cause) => ({ queue, cause, count: 0 })),
  )
  return {
    add(queue, cause) {
      const entry = counts.find((each) => each.queue === queue && each.cause === cause)
      if (entry !== undefined) entry.count += 1
    },
    counts: () => counts,
  }
}
