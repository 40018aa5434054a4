import { declineCall } from './decline-call.ts'
import type { Phone } from './phone.ts'
import { tapAction, type Response } from './read-response.ts'
import { sendReceipt } from './receipt.ts'

/** What a tap or a button asks of the app. */
export type ResponseOutcome =
  | { readonly kind: 'open'; readonly path: string; readonly answers?: string }
  | { readonly kind: 'declined' }
  /** Told before, or by a button that is not ours. */
  | { readonly kind: 'nothing' }

export const ringCategory = 'incoming_call'
export const ringActions = { answer: 'answer', decline: 'decline' } as const

/**
 * Handles each response once, though the system may tell it twice: to the listener and to the task
 * (Android in the background), or to the listener and as the last response (a cold start).
 *
 * @returns `open` with `answers` holding the session of a call that was answered by its button
 */
export function responseHandler(phone: Phone): (response: Response) => Promise<ResponseOutcome> {
  const handled = new Set<string>()
  return async ({ key, action, data }) => {
    if (handled.has(key)) return { kind: 'nothing' }
    handled.add(key)
    const isRing = data.type === 'incoming_call'
    if (isRing && action === ringActions.decline) {
      await declineCall(phone, data)
      return { kind: 'declined' }
    }
    const isAnswer = isRing && action === ringActions.answer
    if (action !== tapAction && !isAnswer) return { kind: 'nothing' }
    if (isRing) {
      // From here on the page rings. Ours would stay: a ring does not go when it is tapped.
      await phone.notifier.cancel(data.tag)
      await phone.notifier.dismiss(data.tag)
    }
    // Not awaited: the page opens at once.
    void sendReceipt(phone, data, 'clicked')
    const { path } = data
    return isAnswer ? { kind: 'open', path, answers: data.sessionId } : { kind: 'open', path }
  }
}
