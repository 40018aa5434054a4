/** Where pushes to a person go: a browser's push subscription, or a phone's Expo token. */
export type Device = BrowserDevice | PhoneDevice

/** What every row has. It keeps its id through renewal. */
interface Registered {
  readonly id: string
  readonly ownerId: string
  /** SHA-256 of the endpoint or token, base64url. Unique: one row an endpoint. */
  readonly endpointHash: string
  /** The browser profile's or the phone install's own random id. Unique per owner. */
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

/** A browser's push subscription. */
export interface BrowserDevice extends Registered {
  readonly kind: 'browser'
  readonly endpoint: string
  /** base64url, 65 bytes. */
  readonly p256dh: string
  /** base64url, 16 bytes. */
  readonly auth: string
  /** Our public key it was made with: pushes to it are signed with that pair. */
  readonly vapidPublicKey: string
}

/** An install of the mobile app. */
export interface PhoneDevice extends Registered {
  readonly kind: 'phone'
  /** `ExponentPushToken[…]`, `ExpoPushToken[…]` or a bare UUID. Opaque and case-sensitive. */
  readonly token: string
  /** Null: the app did not say. It decides how a ring is sent. */
  readonly platform: 'android' | 'ios' | null
  /** The Expo project; tokens of two projects never share a request. Null: the app did not say. */
  readonly projectId: string | null
  readonly appVersion: string | null
}

/** What leads to a device and is said anew at each registration; the rest of a row is ours. */
export type Address =
  | Pick<BrowserDevice, 'kind' | 'endpoint' | 'p256dh' | 'auth' | 'vapidPublicKey'>
  | Pick<PhoneDevice, 'kind' | 'token' | 'platform' | 'projectId' | 'appVersion'>

/** What deliveries write back; never who owns the row or where it leads. */
export type DeviceNews = Partial<
  Pick<Registered, 'lastAcceptedAtMs' | 'lastShownAtMs' | 'lastError' | 'notBeforeMs'>
>
