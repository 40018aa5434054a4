import type { Log } from '../../observability/log.ts'
import type { Notice } from '../port.ts'

/** Broadcasts within the one process there is. */
export interface NoticeBoard {
  post(notice: Notice): Promise<void>
  listen(listener: (notice: Notice) => void): () => void
}

export function noticeBoard(log: Pick<Log, 'warn'>): NoticeBoard {
  const listeners = new Set<{ readonly hear: (notice: Notice) => void }>()
  return {
    async post(notice) {
      // Not before the caller has gone on: over a network it would not be either.
      await Promise.resolve()
      for (const { hear } of listeners) {
        try {
          hear(notice)
        } catch (cause) {
          log.warn({ err: cause, kind: notice.kind }, 'Broker: a listener of broadcasts threw')
        }
      }
    },
    listen(hear) {
      const listener = { hear }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
