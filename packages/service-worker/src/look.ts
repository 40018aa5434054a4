import type { EndedCall } from './ended-calls.ts'
import type { PushContent, PushFacts } from './read-push.ts'
import { safeUrl } from './safe-url.ts'
import type { NotificationSettings, WorkerEnvironment } from './worker-environment.ts'

/** What one `showNotification` gets. */
export interface Look {
  readonly title: string
  readonly settings: NotificationSettings
}

/** Where there is room for one button only, the first is kept. */
const ringActions = [
  { action: 'answer', title: 'Answer' },
  { action: 'decline', title: 'Decline' },
]

/** Never `vibrate`: with `silent` it is a TypeError, and the push would show nothing. */
export function lookOf(
  { registration, icons }: WorkerEnvironment,
  { title, body, tag, lang, dir, isSilent, navigate, data, facts }: PushContent,
): Look {
  const url = safeUrl(navigate, registration.scope)
  const type = facts?.type
  const isRing = type === 'incoming_call'
  const isTestRing = facts?.kind === 'call'
  const icon = facts?.sessionId || isTestRing ? icons.call : icons.message
  const silent = type === 'call_ended' || (isSilent && !isRing)
  return {
    title,
    settings: {
      body,
      tag,
      lang,
      dir,
      icon,
      badge: icon,
      silent,
      // What became of a ring takes its place without a second sound.
      renotify: !silent && type !== 'missed_call',
      requireInteraction: isRing || isTestRing,
      actions: isRing ? ringActions : [],
      navigate: url,
      data: { ...data, ...facts, navigate: url },
    },
  }
}

/** The same notification with other words, as a note without buttons. */
export function noteLook(
  environment: WorkerEnvironment,
  push: PushContent,
  words: EndedCall,
): Look {
  const facts = { ...push.facts, type: 'missed_call' } as const
  return lookOf(environment, { ...push, ...words, isSilent: false, facts })
}

/** Of a ring that came after its time (DESIGN §5): it does not ring, it tells of a missed call. */
export function missedWords({ callerName, ts }: PushFacts): EndedCall {
  const at = ts ? `${new Date(ts * 1000).toTimeString().slice(0, 5)} · ` : ''
  return { title: `Missed call${callerName ? ` from ${callerName}` : ''}`, body: `${at}Call back` }
}

/** The same again without a sound: in place of the one that is shown, or where something must be shown. */
export function quiet({ title, settings }: Look): Look {
  return { title, settings: { ...settings, silent: true, renotify: false } }
}

/** When nothing in a push can be read. */
export const nothingReadable: PushContent = {
  title: 'New notification',
  body: 'Open the app',
  tag: 'belfry',
  isSilent: false,
  navigate: '',
  data: {},
  facts: null,
}
