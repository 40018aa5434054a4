import type { Log } from '../../observability/log.ts'
import type { Notice } from '../port.ts'

/** Who in this process hears what is broadcast. */
export interface NoticeListeners {
  tell(notice: Notice): void
  add(listener: (notice: Notice) => void): () => void
}

export function noticeListeners(log: Pick<Log, 'warn'>): NoticeListeners {
  const listeners = new Set<{ readonly hear: (notice: Notice) => void }>()
  return {
    tell(notice) {
      for (const { hear } of listeners) {
        try {
          hear(notice)
        } catch (cause) {
          log.warn({ err: cause, kind: notice.kind }, 'Broker: a listener of broadcasts threw')
        }
      }
    },
    add(hear) {
      const listener = { hear }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
