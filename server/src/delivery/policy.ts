import type { NotificationPreferences } from '@belfry/contracts'

/** Why a person is not notified. Recorded with the delivery: "why did I not get it?" has an answer. */
export type SuppressionReason =
  | 'unknown_recipient'
  | 'no_device'
  | 'chat_off'
  | 'calls_off'
  | 'muted'
  | 'viewing'
  | 'call_over'
  | 'expired'
  | 'platform_keeps_no_end'
  | 'did_this'
  | 'did_not_ring'
  | 'device_removed'
  | 'already_read'

/** May a chat message notify this person at all? Null: yes. */
export function refuseChat(
  preferences: NotificationPreferences | null,
  conversationId: string,
  nowMs: number,
): SuppressionReason | null {
  if (preferences === null) return null
  if (!preferences.chat) return 'chat_off'
  const mute = preferences.muted.find((entry) => entry.conversationId === conversationId)
  if (mute !== undefined && (mute.until === null || Date.parse(mute.until) > nowMs)) return 'muted'
  return null
}

/** May a call ring for this person at all? Null: yes. Muting a conversation does not mute its calls. */
export function refuseCall(preferences: NotificationPreferences | null): SuppressionReason | null {
  return preferences === null || preferences.calls ? null : 'calls_off'
}

/** Would a call ring this person's devices? */
export function callRings(preferences: NotificationPreferences | null): boolean {
  return refuseCall(preferences) === null
}
