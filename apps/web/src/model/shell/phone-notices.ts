import type { CallState, Conversations } from '@belfry/contracts'
import type { QueryClient } from '@tanstack/react-query'
import type { Attention } from '../attention.ts'
import { unreadIn } from '../chat-cache.ts'
import { keys } from '../query-keys.ts'
import type { Ring } from '../ring.ts'

export interface PhoneNoticesOptions {
  readonly phone: {
    badge(unread: number): void
    dismiss(tag: string): void
  }
  readonly ring: Pick<Ring, 'snapshot' | 'subscribe'>
  readonly attention: Pick<Attention, 'isVisible' | 'subscribe'>
  readonly queries: QueryClient
}

/**
 * Keeps what the phone shows in step with the page: the number on the app's icon, and no
 * notification of what is rung, answered or read here. Returns what stops it.
 */
export function keepPhoneNotices(options: PhoneNoticesOptions): () => void {
  const stops = [watchRings(options), watchUnread(options)]
  return () => stops.forEach((stop) => stop())
}

function watchRings({ phone, ring, attention }: PhoneNoticesOptions): () => void {
  /** Told that the page rings for them. */
  let told: ReadonlySet<string> = new Set()
  let before: ReadonlySet<string> = new Set()

  function look(): void {
    const { incoming, waiting, calls } = ring.snapshot()
    const ringing = new Set<string>()
    for (const each of [incoming, waiting]) if (each !== null) ringing.add(each.call.sessionId)
    // A page that nobody sees rings for nobody: the phone has to. It forgets, too, when it leaves the front.
    const seen = attention.isVisible() ? ringing : new Set<string>()
    for (const id of seen) if (!told.has(id)) phone.dismiss(`call-${id}`)
    told = seen
    for (const id of before) {
      if (!ringing.has(id) && isDealtWith(calls.get(id)?.state)) phone.dismiss(`call-${id}`)
    }
    before = ringing
  }

  look()
  const stops = [ring.subscribe(look), attention.subscribe(look)]
  return () => stops.forEach((stop) => stop())
}

/** Who missed a call is told so in the place of its ring: that stays. */
function isDealtWith(state: CallState | undefined): boolean {
  return state === 'accepted' || state === 'declined' || state === 'busy' || state === 'ended'
}

function watchUnread({ phone, queries }: PhoneNoticesOptions): () => void {
  let data: Conversations | undefined
  let count: number | null = null

  function look(): void {
    const next = queries.getQueryData<Conversations>(keys.conversations)
    if (next === data || next === undefined) return
    const unread = new Set(data?.conversations.filter(isUnread).map(({ id }) => id))
    for (const each of next.conversations) {
      if (unread.has(each.id) && !isUnread(each)) phone.dismiss(`chat-${each.id}`)
    }
    data = next
    const nextCount = unreadIn(next.conversations)
    if (nextCount !== count) phone.badge(nextCount)
    count = nextCount
  }

  look()
  return queries.getQueryCache().subscribe(look)
}

function isUnread({ unreadCount }: Conversations['conversations'][number]): boolean {
  return unreadCount > 0
}
