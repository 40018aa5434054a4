/** What Expo gave for a push it took. Its receipt says later what Apple or Google made of it. */
export interface ExpoTicket {
  /** Expo's own id. */
  readonly id: string
  readonly deliveryId: string
  readonly deviceRowId: string
  /** Of the token that it was sent to: a device that has another token since is left alone. */
  readonly endpointHash: string
  readonly projectId: string | null
  /** How often its receipt was asked for. */
  readonly asked: number
  /** Not to be asked for before. Milliseconds since 1970. */
  readonly askAtMs: number
  /** Receipts vanish 24 h after that. */
  readonly createdAtMs: number
}
