import type { Phone } from './phone.ts'
import { withClock, withEnded, withSeen } from './phone-record.ts'
import { callTag, parsePushData, type PushData } from './push-data.ts'
import { sendReceipt } from './receipt.ts'

/** A notification that arrives while the app is in front: the app decides whether it is shown. */
export interface ArrivedNotification {
  /** True for one that this app shows itself. */
  readonly isOwn: boolean
  /** Empty for a push without a title: the background task draws what there is to draw. */
  readonly title: string
  readonly data: unknown
}

/** Shown unless the page has it, it was shown before, or it rings for a call that is over. */
export async function showsInForeground(
  phone: Phone,
  { isOwn, title, data: raw }: ArrivedNotification,
): Promise<boolean> {
  if (isOwn) return true
  if (title === '') return false
  const data = parsePushData(raw)
  if (data === undefined) return true
  const isShown = await mayShow(phone, data)
  await phone.record.change((record) =>
    withClock(withSeen(record, data.id), data.ts, phone.nowMs()),
  )
  if (isShown !== 'no') void sendReceipt(phone, data, 'shown')
  return isShown === 'yes'
}

async function mayShow(phone: Phone, data: PushData): Promise<'yes' | 'no' | 'left_to_page'> {
  const record = await phone.record.read()
  if (record.seen.includes(data.id)) return 'no'
  if (data.type === 'missed_call' || data.type === 'call_ended') {
    await phone.record.change((now) => withEnded(now, data.sessionId))
    return 'yes'
  }
  // The server withholds messages of the conversation that the page shows.
  if (data.type !== 'incoming_call') return 'yes'
  const offsetMs = Math.max(record.clockOffsetMs, data.ts * 1000 - phone.nowMs())
  const isOver = record.ended.includes(data.sessionId)
  if (isOver || phone.nowMs() + offsetMs >= data.exp * 1000) return 'no'
  return (await phone.pageTakes(callTag(data.sessionId))) ? 'left_to_page' : 'yes'
}
