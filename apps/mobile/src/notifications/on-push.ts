import type { Note, Phone } from './phone.ts'
import { withClock, withEnded, withSeen, type PhoneRecord } from './phone-record.ts'
import { callTag, type CallEnded, type IncomingCall, type PushData } from './push-data.ts'
import { sendReceipt } from './receipt.ts'
import { words } from './words.ts'

/**
 * What a push without a title came to (Android: this phone draws it, the system does not):
 *
 *   ringing       the ring is shown
 *   left_to_page  the page in front rings
 *   replaced      the ring is gone, what became of it stands in its place
 *   stopped       the ring is gone
 *   too_late      its time is over: a missed call is shown, quietly
 *   over          the call had ended before its ring came: nothing is shown
 *   repeated      this delivery alerted before
 *   not_ours      the system has drawn it, or it needs no drawing
 */
export type PushOutcome =
  | 'ringing'
  | 'left_to_page'
  | 'replaced'
  | 'stopped'
  | 'too_late'
  | 'over'
  | 'repeated'
  | 'not_ours'

/** Told to the server as shown. */
const seenByPerson: ReadonlySet<PushOutcome> = new Set([
  'ringing',
  'left_to_page',
  'replaced',
  'too_late',
])

/**
 * Handles pushes one at a time: an end that arrives while its ring is being drawn comes after it.
 * The receipt is sent after drawing, outside of that order; the promise waits for it, because the
 * system may stop the app once its task is done.
 */
export function pushHandler(phone: Phone): (data: PushData) => Promise<PushOutcome> {
  let last: Promise<unknown> = Promise.resolve()
  return async (data) => {
    const turn = last.then(() => present(phone, data))
    // A push that failed does not keep the next from being shown; the caller hears of it through `turn`.
    last = turn.catch(() => undefined)
    const outcome = await turn
    if (seenByPerson.has(outcome)) await sendReceipt(phone, data, 'shown')
    return outcome
  }
}

async function present(phone: Phone, data: PushData): Promise<PushOutcome> {
  const record = await phone.record.read()
  const isRepeated = record.seen.includes(data.id)
  await phone.record.change((now) => withClock(now, data.ts, phone.nowMs()))
  switch (data.type) {
    case 'incoming_call':
      return isRepeated ? 'repeated' : presentRing(phone, data, record)
    case 'call_ended':
      return isRepeated ? 'repeated' : endRing(phone, data)
    case 'missed_call':
      // Titled: the system draws it over the ring. What we were going to show ourselves is not needed.
      await phone.record.change((now) => withEnded(now, data.sessionId))
      await phone.notifier.cancel(data.tag)
      return 'not_ours'
    case 'chat_message':
    case 'test':
      return 'not_ours'
  }
}

async function presentRing(
  phone: Phone,
  call: IncomingCall,
  record: PhoneRecord,
): Promise<PushOutcome> {
  if (record.ended.includes(call.sessionId)) return 'over'
  const offsetMs = Math.max(record.clockOffsetMs, call.ts * 1000 - phone.nowMs())
  const endsAtMs = call.exp * 1000 - offsetMs
  const missed = missedNote(phone, call)
  if (phone.nowMs() >= endsAtMs) {
    await phone.notifier.show(missed)
    await phone.record.change((now) => withEnded(withSeen(now, call.id), call.sessionId))
    return 'too_late'
  }
  const isTaken = await phone.pageTakes(callTag(call.sessionId))
  if (!isTaken) {
    await phone.notifier.show(ringNote(call))
    // Should nothing more be heard of this call (no network), it stops ringing all the same.
    await phone.notifier.showAt(missed, endsAtMs)
  }
  await phone.record.change((now) => withSeen(now, call.id))
  return isTaken ? 'left_to_page' : 'ringing'
}

async function endRing(phone: Phone, call: CallEnded): Promise<PushOutcome> {
  await phone.record.change((now) => withEnded(withSeen(now, call.id), call.sessionId))
  await phone.notifier.cancel(call.tag)
  // Swiped away already, or never shown: the end of it is no news.
  if (!(await phone.notifier.isShown(call.tag))) return 'stopped'
  if (call.title === '') {
    await phone.notifier.dismiss(call.tag)
    return 'stopped'
  }
  await phone.notifier.show({ kind: 'note', title: call.title, body: call.body, data: call })
  return 'replaced'
}

function ringNote(call: IncomingCall): Note {
  const { callerName, media } = call
  return { kind: 'ring', title: words.calling(callerName), body: words.media[media], data: call }
}

/** Quiet: the server's own missed call, in the same place, is what alerts. */
export function missedNote(phone: Phone, call: IncomingCall): Note {
  const atMs = call.ts === 0 ? phone.nowMs() : call.ts * 1000
  return {
    kind: 'note',
    title: words.missedCall(call.callerName),
    body: words.callBack(phone.clockWords(atMs)),
    data: { ...call, type: 'missed_call' },
  }
}
