import type { QueueName } from '../broker/port.ts'

/** Calls and chat never wait for each other. */
export type Lane = 'calls' | 'chat'

export function laneOf(queue: QueueName): Lane {
  return queue.endsWith('.calls') ? 'calls' : 'chat'
}
