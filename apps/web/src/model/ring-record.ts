/** What became of a call, step by step, from what the server knows of it. */
import type { Call } from '@belfry/contracts'
import { whenWords, type WhenOptions } from './notifications/when-words.ts'
import { isOver } from './ring-state.ts'
import { lengthWords, listWords, otherEnd, shortName, talkedMs } from './ring-words.ts'

export type RecordSign =
  | 'incoming'
  | 'outgoing'
  | 'rang'
  | 'silent'
  | 'answered'
  | 'missed'
  | 'ended'

export interface RecordStep {
  readonly sign: RecordSign
  readonly name: string
  /** The time of day; empty when nobody wrote it down. */
  readonly at: string
  readonly detail: string
}

export interface RecordViewer {
  readonly userId: string
  readonly when: WhenOptions
}

/** "Today at 14:02. Rang for 30 seconds." */
export function recordSummary(call: Call, { when }: RecordViewer): string {
  const startedAtMs = Date.parse(call.startedAt)
  const began = sentence(whenWords(startedAtMs, when))
  const stopped = call.acceptedAt ?? call.endedAt
  if (stopped === null || call.devices.ringing.length === 0) return began
  const rangFor = Math.max(1, Math.round((Date.parse(stopped) - startedAtMs) / 1000))
  return `${began} Rang for ${rangFor} second${rangFor === 1 ? '' : 's'}.`
}

export function recordSteps(call: Call, viewer: RecordViewer): readonly RecordStep[] {
  return [began(call, viewer), ...rang(call), ...answers(call, viewer), ...ended(call, viewer)]
}

function began(call: Call, { userId, when }: RecordViewer): RecordStep {
  const isMine = call.callerId === userId
  const { notified } = call.devices
  const whose = call.callees.length === 1 && !isMine ? ' of your devices' : ' device'
  const plural = whose === ' device' && notified !== 1 ? 's' : ''
  const were = notified === 1 ? 'was' : 'were'
  // An open tab rings without a notification.
  const silence = call.devices.ringing.length > 0 ? '' : 'No device was notified.'
  return {
    sign: isMine ? 'outgoing' : 'incoming',
    name: isMine
      ? `You called ${otherEnd(call, userId).name}`
      : `${shortName(call.callerName)} called`,
    at: clock(call.startedAt, when),
    detail: notified === 0 ? silence : `${notified}${whose}${plural} ${were} notified.`,
  }
}

function rang({ devices }: Call): readonly RecordStep[] {
  if (devices.ringing.length === 0) return []
  const names = [...new Set(devices.ringing)]
  return [{ sign: 'rang', name: `Rang on ${names.join(' and on ')}`, at: '', detail: '' }]
}

function answers(call: Call, { userId, when }: RecordViewer): readonly RecordStep[] {
  const winner = call.callees.find((callee) => callee.state === 'accepted')
  const said: RecordStep[] = call.callees
    .filter((callee) => callee.state === 'declined' || callee.state === 'busy')
    .map((callee) => ({
      sign: 'missed',
      name: `${who(callee, userId)} ${callee.state === 'busy' ? 'could not: in another call' : 'declined'}`,
      at: call.callees.length === 1 && call.endedAt !== null ? clock(call.endedAt, when) : '',
      detail: '',
    }))
  if (winner === undefined || call.acceptedAt === null) return said
  return [
    ...said,
    {
      sign: 'answered',
      name: `${who(winner, userId)} answered`,
      at: clock(call.acceptedAt, when),
      detail: '',
    },
  ]
}

function ended(call: Call, { userId, when }: RecordViewer): readonly RecordStep[] {
  if (!isOver(call.state) || call.endedAt === null) return []
  const at = clock(call.endedAt, when)
  const ms = talkedMs(call)
  if (call.state === 'ended') {
    return [
      {
        sign: 'ended',
        name: 'The call ended',
        at,
        detail: ms === null ? '' : `After ${lengthWords(ms)}.`,
      },
    ]
  }
  if (call.state === 'missed') {
    const silent = call.callees.filter((callee) => callee.state === 'missed')
    const names = listWords(silent.map((callee) => shortName(callee.displayName)))
    const isNobody = silent.length === call.callees.length
    return [
      {
        sign: 'missed',
        name: isNobody ? 'Nobody answered' : `${names} did not answer`,
        at,
        detail: '',
      },
    ]
  }
  if (call.state === 'cancelled') {
    const hungUp = call.callerId === userId ? 'You' : shortName(call.callerName)
    return [{ sign: 'missed', name: `${hungUp} hung up`, at, detail: '' }]
  }
  return []
}

function who(
  callee: { readonly id: string; readonly displayName: string },
  userId: string,
): string {
  return callee.id === userId ? 'You' : shortName(callee.displayName)
}

function clock(instant: string, { locale, timeZone }: WhenOptions): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'medium', timeZone }).format(
    Date.parse(instant),
  )
}

function sentence(words: string): string {
  return `${words.charAt(0).toLocaleUpperCase()}${words.slice(1)}.`
}
