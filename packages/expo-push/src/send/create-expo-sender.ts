import { HINTS } from '../answers/hints.ts'
import { ExpoPushError } from '../expo-push-error.ts'
import { createPostJson } from '../http/post-json.ts'
import { askReceipts } from '../receipts/ask-receipts.ts'
import { parseExpoToken } from '../token/parse-expo-token.ts'
import { checkOptions } from './check-options.ts'
import { checkPush } from './check-push.ts'
import { Dispatcher } from './dispatcher.ts'
import { createPendingPush, type PendingPush } from './pending-push.ts'
import type { ExpoSenderOptions } from './sender-options.ts'
import type { ExpoSender } from './sender.ts'

const DEFAULT_DEADLINE_MS = 10_000

/**
 * Makes a sender for Expo's push service: at most 100 notifications and one project in a request,
 * 6 requests at a time, 500 notifications in a second. Patient pushes wait 50 ms for company;
 * rings go at once and before all else. One bad message costs none of those beside it.
 *
 * @throws ExpoPushError `BASE_URL_INVALID`, `ACCESS_TOKEN_INVALID`, `LIMIT_INVALID`
 */
export function createExpoSender(options: ExpoSenderOptions): ExpoSender {
  const checked = checkOptions(options)
  const { now, setTimer, receiptsPerRequest: perRequest } = checked
  const postJson = createPostJson(checked)
  const dispatcher = new Dispatcher({ ...checked, postJson })
  const { places } = dispatcher
  const open = new Set<PendingPush>()
  const asking = new Set<Promise<unknown>>()
  const closing = new AbortController()

  const checkOpen = () => {
    if (closing.signal.aborted) {
      throw new ExpoPushError('SENDER_CLOSED', 'This sender was closed; make another')
    }
  }

  return {
    async send(expoPush) {
      const json = checkPush(expoPush)
      const token = parseExpoToken(expoPush.message.to)
      if (!token.ok) return { kind: 'rejected', reason: 'token_invalid', hint: HINTS.tokenInvalid }
      checkOpen()
      const { signal, pace = 'patient', deadlineMs = DEFAULT_DEADLINE_MS } = expoPush
      if (signal?.aborted) return { kind: 'retry', reason: 'aborted', ambiguous: false }
      const push = createPendingPush({
        token: token.token,
        json,
        pace,
        project: expoPush.projectId,
        startedAtMs: now(),
        deadlineMs,
        signal,
        setTimer,
        onSettled(settled) {
          open.delete(settled)
          dispatcher.forget(settled)
        },
      })
      open.add(push)
      dispatcher.enqueue(push)
      return push.outcome
    },
    async receipts(ids, { signal } = {}) {
      checkOpen()
      const either = AbortSignal.any([closing.signal, ...(signal ? [signal] : [])])
      const asked = askReceipts(ids, { postJson, places, perRequest, signal: either })
      asking.add(asked)
      try {
        return await asked
      } finally {
        asking.delete(asked)
      }
    },
    async close() {
      closing.abort()
      for (const push of open) push.end('aborted')
      await Promise.all([dispatcher.close(), ...asking])
    },
  }
}
