/** What the pages about one call say, as plain words. No claim beyond what the server knows. */
import type { Call } from '@belfry/contracts'

export interface CallViewer {
  readonly userId: string
  /** This page answered or started it. */
  readonly isHere: boolean
  /** The server's clock, milliseconds since the epoch. */
  readonly serverNowMs: number
}

/** Who is at the other end, from this person's side: the caller, or the people called. */
export function otherEnd(
  call: Call,
  userId: string,
): { readonly id: string; readonly name: string } {
  if (call.callerId !== userId) return { id: call.callerId, name: call.callerName }
  const [only] = call.callees
  if (call.callees.length === 1 && only !== undefined)
    return { id: only.id, name: only.displayName }
  return {
    id: call.conversationId ?? call.sessionId,
    name: listWords(call.callees.map((callee) => callee.displayName)),
  }
}

/** "Ana", from "Ana Ferreira": for sentences. */
export function shortName(name: string): string {
  return name.trim().split(/\s+/u)[0] ?? name
}

/** "Ana Ferreira, Wei Zhang and Noor El-Amin" */
export function listWords(names: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(names)
}

/** `0:06`, `12:47`, `1:02:03` */
export function clockWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const hours = Math.floor(seconds / 3600)
  const rest = `${Math.floor(seconds / 60) % 60}:${String(seconds % 60).padStart(2, '0')}`
  return hours === 0 ? rest : `${hours}:${rest.padStart(5, '0')}`
}

/** `00:12`: a call that is on counts with two digits from the start, so that nothing moves. */
export function timerWords(ms: number): string {
  const words = clockWords(ms)
  return words.length === 4 ? `0${words}` : words
}

/** "4 min 12 s", "52 s" */
export function lengthWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const minutes = Math.floor(seconds / 60)
  const parts = [
    minutes >= 60 ? `${Math.floor(minutes / 60)} h` : '',
    minutes > 0 ? `${minutes % 60} min` : '',
    `${seconds % 60} s`,
  ]
  return parts.filter((part) => part !== '').join(' ')
}

/** How long the two talked, or null when they did not. */
export function talkedMs(call: Call): number | null {
  if (call.acceptedAt === null || call.endedAt === null) return null
  return Date.parse(call.endedAt) - Date.parse(call.acceptedAt)
}

export interface CallingWords {
  /** The truth in one sentence. */
  readonly truth: string
  /** A device has said itself that it shows the ring. */
  readonly isRinging: boolean
  /** Smaller, below: what is known beside it. Empty when the truth says it all. */
  readonly beside: string
}

/** A push service answers within this; after it, silence means something. */
const noticeMs = 6000

/** The caller's side while it rings. */
export function callingWords(call: Call, serverNowMs: number): CallingWords {
  const { notified, ringing } = call.devices
  const devices = `${notified} device${notified === 1 ? '' : 's'}`
  if (ringing.length > 0) {
    return {
      truth: `Ringing on ${[...new Set(ringing)].join(' and on ')}`,
      isRinging: true,
      beside: notified === 0 ? '' : `${devices} notified`,
    }
  }
  if (notified > 0) return { truth: `Notifying ${devices}…`, isRinging: false, beside: '' }
  const isEarly = serverNowMs - Date.parse(call.startedAt) < noticeMs
  return {
    truth: isEarly ? 'Looking for a device…' : 'No device could be notified yet',
    isRinging: false,
    beside: '',
  }
}

export interface OutcomeWords {
  /** A heading: *Missed video call*. */
  readonly title: string
  /** A sentence more; empty when there is nothing to add. */
  readonly text: string
}

/** What became of a call, for the person who looks at it. */
export function outcomeWords(call: Call, { userId }: Pick<CallViewer, 'userId'>): OutcomeWords {
  return call.callerId === userId ? callerOutcome(call) : calleeOutcome(call, userId)
}

function callerOutcome(call: Call): OutcomeWords {
  const name = shortName(otherEnd(call, call.callerId).name)
  const who = call.callees.length === 1 ? name : 'Everyone you called'
  switch (call.state) {
    case 'missed': {
      const willSee = `${who} will see a missed call.`
      const wasReached = call.devices.notified > 0 || call.devices.ringing.length > 0
      return { title: wasReached ? 'No answer' : 'Nobody could be reached', text: willSee }
    }
    case 'declined':
      return {
        title: call.callees.length === 1 ? `${name} declined` : 'Nobody took the call',
        text: '',
      }
    case 'busy':
      return {
        title: call.callees.length === 1 ? `${name} is in another call` : 'Everyone is busy',
        text: '',
      }
    case 'cancelled':
      return { title: 'You cancelled the call', text: `${who} will see a missed call.` }
    case 'ended':
      return endedOutcome(call)
    case 'ringing':
      return { title: 'Calling', text: '' }
    case 'accepted':
      return { title: 'In a call', text: '' }
  }
}

/** What the call came to for one of those called. */
type Fate = 'declined' | 'busy' | 'missed' | 'withdrawn' | 'taken' | 'answered' | 'ended'

function fateOf(call: Call, userId: string): Fate {
  const mine = call.callees.find((callee) => callee.id === userId)?.state
  if (mine === 'declined' || mine === 'busy' || mine === 'missed') return mine
  const winner = call.callees.find((callee) => callee.state === 'accepted')
  if (winner !== undefined && winner.id !== userId) return 'taken'
  if (call.state === 'ended') return 'ended'
  if (call.state === 'accepted') return 'answered'
  return call.state === 'cancelled' ? 'withdrawn' : 'missed'
}

function calleeOutcome(call: Call, userId: string): OutcomeWords {
  const kind = call.media === 'video' ? 'video call' : 'call'
  switch (fateOf(call, userId)) {
    case 'declined':
      return { title: `You declined this ${kind}`, text: '' }
    case 'busy':
      return { title: 'You were in another call', text: '' }
    case 'missed':
      return { title: `Missed ${kind}`, text: '' }
    case 'withdrawn':
      return {
        title: `Missed ${kind}`,
        text: `${shortName(call.callerName)} hung up before you answered.`,
      }
    case 'taken': {
      const winner = call.callees.find((callee) => callee.state === 'accepted')
      return { title: `Answered by ${winner?.displayName ?? 'somebody else'}`, text: '' }
    }
    case 'answered':
      return {
        title: `You answered this ${kind}`,
        text: 'It is still on, where you answered it.',
      }
    case 'ended':
      return endedOutcome(call)
  }
}

function endedOutcome(call: Call): OutcomeWords {
  const ms = talkedMs(call)
  return { title: 'Call ended', text: ms === null ? '' : `It lasted ${lengthWords(ms)}.` }
}
