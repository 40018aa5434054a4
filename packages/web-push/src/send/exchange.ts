import type { Dispatcher } from 'undici'
import { failureReason } from './failure-reason.ts'
import type { TransportRequest, TransportResult } from './transport.ts'

/** More is never read: the longest error body that any push service sends is below 1 KiB. */
const MOST_READ = 64 * 1024

/**
 * One request on undici's lowest level, which tells whether it was handed to a connection and
 * spares the stream that `request()` would make for an answer of no bytes.
 *
 * Once the status is there it is the answer: a body that is too long, drips past the deadline or
 * breaks off is cut, because "accepted" stays true.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: TransportRequest,
): Promise<TransportResult> {
  const { url, method, headers, body, signal } = request
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    let answer: { readonly status: number; readonly headers: Record<string, string> } | undefined
    let running: Dispatcher.DispatchController | undefined
    let isSettled = false

    const settle = (error?: Error) => {
      if (isSettled) return
      isSettled = true
      signal.removeEventListener('abort', stop)
      const text = Buffer.concat(chunks).toString('utf8', 0, MOST_READ)
      if (answer) resolve({ kind: 'response', ...answer, text })
      else
        resolve({
          kind: 'failure',
          reason: failureReason(error, running !== undefined),
          wasWritten: running !== undefined,
        })
    }
    const stop = () => {
      const reason = new Error('stopped', { cause: signal.reason })
      reason.name = 'AbortError'
      settle(reason)
      running?.abort(reason)
    }

    signal.addEventListener('abort', stop, { once: true })
    dispatcher.dispatch(
      { origin: url.origin, path: `${url.pathname}${url.search}`, method, headers, body },
      {
        onRequestStart(controller) {
          // Too late to send: it waited for a connection that came after the deadline.
          if (isSettled) controller.abort(new Error('stopped before it was sent'))
          else running = controller
        },
        onResponseStart(_controller, status, fields) {
          // 1xx announces an answer and is none.
          if (status >= 200) answer = { status, headers: joinRepeated(fields) }
        },
        onResponseData(controller, chunk) {
          if (isSettled) return
          chunks.push(chunk)
          size += chunk.length
          if (size < MOST_READ) return
          settle()
          controller.abort(new Error('the answer is too long'))
        },
        onResponseEnd: () => settle(),
        onResponseError: (_controller, error) => settle(error),
      },
    )
  })
}

function joinRepeated(fields: NodeJS.Dict<string | string[]>): Record<string, string> {
  const joined: Record<string, string> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) joined[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return joined
}
