import type { Phone } from './phone.ts'
import { withEnded } from './phone-record.ts'
import type { IncomingCall } from './push-data.ts'
import { words } from './words.ts'

/** `over`: somebody or time was faster. `failed`: the server was not reached in time. */
export type DeclineOutcome = 'declined' | 'over' | 'failed'

/** Waits before the second and third try. A ring lasts 30 s by default. */
const retryAfterMs = [1_000, 3_000]

/**
 * Declines without opening the app and without a session: the receipt is the capability. The ring
 * stops here first; then the server is told.
 */
export async function declineCall(phone: Phone, call: IncomingCall): Promise<DeclineOutcome> {
  const { tag, sessionId, receipt } = call
  await phone.record.change((record) => withEnded(record, sessionId))
  await phone.notifier.cancel(tag)
  await phone.notifier.dismiss(tag)
  const path = `/api/calls/${encodeURIComponent(sessionId)}/decline`
  for (const waitMs of [0, ...retryAfterMs]) {
    if (waitMs > 0) await phone.wait(waitMs)
    const answer = await phone.post(path, { receipt })
    if (answer.kind === 'no_answer' || answer.status >= 500 || answer.status === 429) continue
    return answer.status < 300 ? 'declined' : 'over'
  }
  await phone.notifier.show({
    kind: 'note',
    title: words.notDeclined,
    body: words.notDeclinedWhy,
    data: { ...call, type: 'missed_call' },
  })
  return 'failed'
}
