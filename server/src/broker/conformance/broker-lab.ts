import type { Broker, QueueName } from '../port.ts'

/** One broker under test. `reopen` and `crash` give the broker to go on with; the former one is not used again. */
export interface BrokerLab {
  readonly broker: Broker
  /** The shortest delay this broker can hold, in milliseconds: some know only fixed steps. */
  readonly shortestDelayMs: number
  /** Closes it in good order (its consumers are stopped) and opens the same queues. */
  reopen(): Promise<Broker>
  /** Leaves it as it is, consumers and all, as a kill -9 would, and opens the same queues. */
  crash(): Promise<Broker>
  /** Puts a body on a queue that no publisher of ours would. */
  putRaw(queue: QueueName, body: string): Promise<void>
  /** Keeps bodies aside, as if they died in a queue of that name: also of one that there is not. */
  putDead(queue: string, bodies: readonly string[]): Promise<void>
  /** What is kept aside, oldest first, past the port: it holds what people wrote. */
  dead(): Promise<ReadonlyArray<{ readonly reason: string; readonly body: string }>>
  /** The warnings of every broker of this lab so far. */
  warnings(): readonly Warning[]
  /** Ends whatever is open, and deletes the queues. */
  dispose(): Promise<void>
}

/** What is logged beside the words, and the words. */
export interface Warning {
  readonly fields: unknown
  readonly line: string | undefined
}

/** Keeps what a broker warns of. */
export function warningLog(): {
  readonly warn: (fields: unknown, line?: string) => void
  readonly warnings: () => readonly Warning[]
} {
  const warnings: Warning[] = []
  return {
    warn: (fields, line) => void warnings.push({ fields, line }),
    warnings: () => warnings,
  }
}

/** Each sentence, and what proves it. */
export type BrokerCases = Readonly<Record<string, (lab: BrokerLab) => Promise<void>>>
