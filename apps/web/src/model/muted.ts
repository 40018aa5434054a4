import type { NotificationPreferences } from '@belfry/contracts'

/** Whether a conversation says nothing now. */
export function isMuted(
  preferences: NotificationPreferences | undefined,
  conversationId: string,
  nowMs: number,
): boolean {
  const muted = preferences?.muted.find((each) => each.conversationId === conversationId)
  if (muted === undefined) return false
  return muted.until === null || Date.parse(muted.until) > nowMs
}

/** The preferences with that conversation muted for good, or not at all. */
export function withMuted(
  preferences: NotificationPreferences,
  conversationId: string,
  isMute: boolean,
): NotificationPreferences {
  const others = preferences.muted.filter((each) => each.conversationId !== conversationId)
  return { ...preferences, muted: isMute ? [...others, { conversationId, until: null }] : others }
}
