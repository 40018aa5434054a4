/** A push message as senders post it: the fields of Expo's server SDK 7.2.0, all optional but `to`. */
export interface ExpoMessage {
  readonly to: string | readonly string[]
  readonly title?: string
  readonly subtitle?: string
  readonly body?: string
  readonly data?: Readonly<Record<string, unknown>>
  readonly sound?: string | null | CriticalSound
  /** Seconds. Wins over `expiration`. */
  readonly ttl?: number
  /** Seconds since the epoch. */
  readonly expiration?: number
  readonly priority?: 'default' | 'normal' | 'high'
  /** iOS; 0 clears. */
  readonly badge?: number
  readonly interruptionLevel?: 'active' | 'critical' | 'passive' | 'time-sensitive'
  /** Android; null is the channel "Default". */
  readonly channelId?: string | null
  /** Android. */
  readonly icon?: string
  readonly richContent?: { readonly image?: string }
  readonly categoryId?: string
  /** At most 64 bytes. On iOS it also replaces what is shown. */
  readonly collapseId?: string
  /** Android: replaces what is shown. */
  readonly tag?: string
  /** iOS. */
  readonly threadId?: string
  readonly mutableContent?: boolean
  readonly contentAvailable?: boolean
  /** Deprecated by Expo: `contentAvailable`. */
  readonly _contentAvailable?: boolean
  readonly targetContentId?: string
  /** 0 to 1. */
  readonly relevanceScore?: number
  readonly filterCriteria?: string
}

/** A sound that rings through silence on iOS, with Apple's permission. */
export interface CriticalSound {
  readonly critical?: boolean
  readonly name?: string | null
  /** 0 to 1. */
  readonly volume?: number
}

/**
 * `titled`: the system draws it. `headless`: the app's task gets it. Presence of title, subtitle,
 * body, icon or channelId makes the difference.
 */
export type MessageForm = 'titled' | 'headless'
