import type { Store } from '../port.ts'

/** One store under test. `reopen` and `crash` give the store to go on with; the former one is not used again. */
export interface StoreLab {
  readonly store: Store
  /** Closes it in good order and opens the same data. */
  reopen(): Promise<Store>
  /** Leaves it as it is, as a kill -9 would, and opens the same data. */
  crash(): Promise<Store>
  /** Ends whatever is open, and deletes the data. */
  dispose(): Promise<void>
}

/** Each sentence, and what proves it. */
export type StoreCases = Readonly<Record<string, (lab: StoreLab) => Promise<void>>>

/** So many ask at once. */
export const racers = 50

/** The answers of `racers` callers at once. */
export function race<T>(ask: (racer: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: racers }, (_, racer) => ask(racer)))
}
