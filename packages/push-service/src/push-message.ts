/** An accepted push on its way to a browser. */
export interface PushMessage {
  /** Unique; the last segment of its Location. */
  readonly version: string
  readonly uaid: string
  readonly channelId: string
  readonly ttlSeconds: number
  readonly topic: string | undefined
  readonly urgency: string | undefined
  /** As posted: encrypted. Empty for a push without payload. */
  readonly body: Buffer
  /** What the browser needs to decrypt; present when there is a body. */
  readonly encryptionHeaders: Readonly<Record<string, string>>
  /** Milliseconds since the epoch. */
  readonly receivedAt: number
}
