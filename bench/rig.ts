import type { Sink } from './sink.ts'
import type { Subscribers } from './subscribers.ts'

/** What a benchmark of the server stands on. */
export interface Rig {
  readonly directory: string
  readonly caFile: string
  readonly sink: Sink
  readonly subscribers: Subscribers
}
