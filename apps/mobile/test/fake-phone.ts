import type { Note, Phone, PostAnswer } from '../src/notifications/phone.ts'
import { emptyRecord, type PhoneRecord } from '../src/notifications/phone-record.ts'
import type { IncomingCall } from '../src/notifications/push-data.ts'

/** Unix milliseconds at which the tests' calls begin. */
export const startMs = 1_795_300_000_000

/** Ana calls for 30 s. */
export const anaCalls: IncomingCall = {
  type: 'incoming_call',
  id: 'delivery-1',
  tag: 'call-S',
  sessionId: 'S',
  callerName: 'Ana',
  media: 'video',
  ts: startMs / 1000,
  exp: startMs / 1000 + 30,
  receipt: 'receipt-1',
  path: '/calls/incoming?sessionId=S',
}

/** The same as the server sends it. */
export const anaCallsData = {
  v: 1,
  type: 'incoming_call',
  id: 'delivery-1',
  tag: 'call-S',
  sessionId: 'S',
  callerUid: 'ana',
  callerName: 'Ana',
  media: 'video',
  ts: startMs / 1000,
  exp: startMs / 1000 + 30,
  receipt: 'receipt-1',
  url: '/calls/incoming?sessionId=S',
}

export interface FakePhone extends Phone {
  nowMs(): number
  /** What stands on the screen, by tag. */
  readonly shown: Map<string, Note>
  /** Every note that was shown, in order: what the person heard or saw. */
  readonly showings: Note[]
  readonly scheduled: Map<string, { readonly note: Note; readonly atMs: number }>
  readonly posts: Array<{ readonly path: string; readonly body: object }>
  readonly waits: number[]
  readonly state: {
    nowMs: number
    record: PhoneRecord
    pageTakes: boolean
    /** Answers to come; after them 204. */
    answers: PostAnswer[]
  }
}

export function fakePhone(): FakePhone {
  const state: FakePhone['state'] = {
    nowMs: startMs,
    record: emptyRecord,
    pageTakes: false,
    answers: [],
  }
  const shown = new Map<string, Note>()
  const showings: Note[] = []
  const scheduled: FakePhone['scheduled'] = new Map()
  const posts: FakePhone['posts'] = []
  const waits: number[] = []
  return {
    state,
    shown,
    showings,
    scheduled,
    posts,
    waits,
    nowMs: () => state.nowMs,
    async wait(ms) {
      waits.push(ms)
    },
    clockWords: (atMs) => new Date(atMs).toISOString().slice(11, 16),
    record: {
      read: async () => state.record,
      async change(step) {
        state.record = step(state.record)
      },
    },
    notifier: {
      async show(note) {
        shown.set(note.data.tag, note)
        showings.push(note)
      },
      async showAt(note, atMs) {
        scheduled.set(note.data.tag, { note, atMs })
      },
      async cancel(tag) {
        scheduled.delete(tag)
      },
      async dismiss(tag) {
        shown.delete(tag)
      },
      isShown: async (tag) => shown.has(tag),
    },
    async post(path, body) {
      posts.push({ path, body })
      return state.answers.shift() ?? { kind: 'answered', status: 204 }
    },
    pageTakes: async () => state.pageTakes,
  }
}
