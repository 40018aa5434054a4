/**
 * One notification, in the words of Expo's wire. A message with title, subtitle, body or channelId
 * is drawn by the system; one of `data` and `contentAvailable` alone runs the app's own code.
 *
 * Keep the JSON below about 3,000 bytes: Apple and Google refuse more than 4,096 after Expo has wrapped it.
 * Source: https://docs.expo.dev/push-notifications/sending-notifications/#message-request-format
 */
export interface ExpoMessage {
  /** One token: `parseExpoToken` says whether it is one. A bearer secret. */
  readonly to: string
  readonly title?: string
  readonly body?: string
  /** iOS. */
  readonly subtitle?: string
  /** Hold an id in it by which the device knows a double: Expo delivers at least once. */
  readonly data?: Readonly<Record<string, unknown>>
  /** iOS; on Android the channel has the sound. `default`, a file of the app, or null for none. */
  readonly sound?: string | null
  /** Whole seconds >= 0. Always set it: the default has been 0 and a month. */
  readonly ttl?: number
  /** `high` for rings and chats. */
  readonly priority?: 'default' | 'normal' | 'high'
  /** iOS; 0 clears it. */
  readonly badge?: number
  /** iOS. `time-sensitive` and `critical` need an entitlement. */
  readonly interruptionLevel?: 'active' | 'critical' | 'passive' | 'time-sensitive'
  /** Android. The channel must exist, or nothing is shown. */
  readonly channelId?: string | null
  /** Which buttons. On Android only when the app's own code draws the notification. */
  readonly categoryId?: string
  /** Replaces what is on its way; on iOS also what is shown. At most 64 bytes. */
  readonly collapseId?: string
  /** Android. Replaces what is shown. */
  readonly tag?: string
  /** iOS: groups what is shown. */
  readonly threadId?: string
  readonly contentAvailable?: boolean
  /** iOS: lets the app's service extension change it. */
  readonly mutableContent?: boolean
}
