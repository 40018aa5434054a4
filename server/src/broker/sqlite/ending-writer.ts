import type { Log } from '../../observability/log.ts'
import type { SqliteFile } from '../../sqlite/sqlite-file.ts'
import type { DeathToll } from '../death-toll.ts'
import { tellDead } from '../tell-dead.ts'
import type { QueuedMessage } from './queue-table.ts'
import { recordEnding, type Ending, type Recorded, type RecordOptions } from './verdict-record.ts'

/** Writes verdicts, again and again until they are written: a message stays in hand until then. */
export class EndingWriter {
  readonly #options: EndingWriterOptions
  readonly #pauses = new Set<() => void>()
  #closed = false

  constructor(options: EndingWriterOptions) {
    this.#options = options
  }

  /** Null when it was closed before it could write: the message comes again in the next process. */
  async write(message: QueuedMessage, ending: Ending): Promise<Recorded | null> {
    const { file, log } = this.#options
    while (!this.#closed) {
      try {
        const recorded = await recordEnding(file, { message, ending }, this.#options)
        if (recorded.death !== null) this.#mourn(message, recorded.death)
        return recorded
      } catch (cause) {
        if (this.#closed) break
        log.warn(
          { err: cause, queue: message.queue },
          'Broker: a verdict could not be written, trying again',
        )
        await this.#pause()
      }
    }
    return null
  }

  close(): void {
    this.#closed = true
    for (const end of this.#pauses) end()
  }

  #mourn({ queue, body }: QueuedMessage, { id, cause, reason }: NonNullable<Recorded['death']>) {
    this.#options.toll.add(queue, cause)
    tellDead(this.#options.log, { queue, reason, id, body })
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        this.#pauses.delete(end)
        resolve()
      }
      const timer = setTimeout(end, this.#options.troubleMs)
      this.#pauses.add(end)
    })
  }
}

export interface EndingWriterOptions extends RecordOptions {
  readonly file: SqliteFile
  readonly log: Pick<Log, 'warn'>
  readonly toll: Pick<DeathToll, 'add'>
  /** After a write that failed, so long passes before the next attempt. */
  readonly troubleMs: number
}
