import type { PhoneRecordStore } from './phone-record.ts'
import type { PushData } from './push-data.ts'

/** How a notification of ours looks and sounds. */
export type NoteKind =
  /** Rings, stays, has Answer and Decline. */
  | 'ring'
  /** What became of a ring: quiet, a tap opens the call. */
  | 'note'

export interface Note {
  readonly kind: NoteKind
  readonly title: string
  readonly body: string
  /** Its `tag` is the notification's identifier: another with the same one takes its place. */
  readonly data: PushData
}

/** The phone's notifications, by tag. */
export interface Notifier {
  show(note: Note): Promise<void>
  /** The same, at a time of this phone's clock; a later one for the tag replaces an earlier. */
  showAt(note: Note, atMs: number): Promise<void>
  /** Forgets what `showAt` was going to show. */
  cancel(tag: string): Promise<void>
  /** Takes away what is shown. */
  dismiss(tag: string): Promise<void>
  isShown(tag: string): Promise<boolean>
}

export type PostAnswer =
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'no_answer' }

/** What the handling of notifications needs of the phone. */
export interface Phone {
  nowMs(): number
  wait(ms: number): Promise<void>
  /** Hours and minutes as this person reads them. */
  clockWords(atMs: number): string
  readonly record: PhoneRecordStore
  readonly notifier: Notifier
  /** One JSON request to the server, without a session: bodies carry capabilities. Never rejects. */
  post(path: string, body: object): Promise<PostAnswer>
  /** True when the page in front deals with this tag by itself: it said so, or says so within 500 ms. */
  pageTakes(tag: string): Promise<boolean>
}
