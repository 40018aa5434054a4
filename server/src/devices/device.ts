/** A browser's push subscription, and what became of pushes to it. The row keeps its id through renewal. */
export interface Device {
  readonly id: string
  readonly ownerId: string
  readonly endpoint: string
  /** SHA-256 of the endpoint, base64url. Unique: one row an endpoint. */
  readonly endpointHash: string
  /** base64url, 65 bytes. */
  readonly p256dh: string
  /** base64url, 16 bytes. */
  readonly auth: string
  /** Our public key it was made with: pushes to it are signed with that pair. */
  readonly vapidPublicKey: string
  /** The browser profile's own random id. Unique per owner. */
  readonly deviceId: string | null
  readonly deviceName: string
  /** Counts renewals; a renew token is good for one generation. */
  readonly generation: number
  readonly createdAtMs: number
  readonly lastSeenAtMs: number
  readonly lastAcceptedAtMs: number | null
  readonly lastShownAtMs: number | null
  /** The last problem in words, null when the last delivery was taken. */
  readonly lastError: string | null
  /** `Retry-After` binds the endpoint: nothing is sent to it before this. */
  readonly notBeforeMs: number
}

/** What deliveries write back; never who owns the row or where it leads. */
export type DeviceNews = Partial<
  Pick<Device, 'lastAcceptedAtMs' | 'lastShownAtMs' | 'lastError' | 'notBeforeMs'>
>
