import type { Log } from '../observability/log.ts'
import { logLines } from '../observability/log-lines.ts'
import { deadEvent } from './dead-letter.ts'
import type { QueueName } from './port.ts'

export interface Death {
  readonly queue: QueueName
  readonly reason: string
  /** As `DeadLetters` knows it. */
  readonly id: string
  readonly body: string
}

/** The one line that an operator has of it, with the event where the body holds one, and never a word of the body. */
export function tellDead(log: Pick<Log, 'warn'>, { body, ...death }: Death): void {
  const event = deadEvent(body)
  log.warn(event === null ? death : { ...death, event }, logLines.dead)
}
