/** Everything that a ticket or a receipt can say of one notification, with Expo's or a like message. */
export const deliveryErrors = {
  DeviceNotRegistered: 'is not a registered push notification recipient',
  MessageTooBig: 'The notification payload is larger than 4096 bytes',
  MessageRateExceeded: 'Messages are being sent too frequently to this device',
  MismatchSenderId: 'The FCM sender does not match the one the app was built with',
  InvalidCredentials: 'The push credentials of the app are invalid or were revoked',
  InvalidProviderToken: 'The APNs provider token is invalid',
  DeveloperError: 'The message cannot be delivered because of how it was sent',
  ExpoError: 'The message could not be handed on because of a failure at Expo',
  ProviderError: 'The message could not be delivered because of a failure at Apple or Google',
} as const

/** `details.error` of a ticket or receipt. */
export type DeliveryErrorCode = keyof typeof deliveryErrors

/** Where an error is told: at once, or when receipts are asked for. */
export type ErrorPlace = 'ticket' | 'receipt'

/** A ticket or receipt that is not ok. */
export interface DeliveryFailure {
  readonly error: DeliveryErrorCode
  /** In place of the table's. */
  readonly message?: string
  /** In place of `{ error }`, or `{ error, expoPushToken }` for DeviceNotRegistered: for answers out of contract. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** The JSON of a failed ticket or receipt. */
export function failureJson(failure: DeliveryFailure, token: string) {
  const { error } = failure
  const gone = error === 'DeviceNotRegistered'
  const said = gone ? `"${token}" ${deliveryErrors[error]}` : deliveryErrors[error]
  const { message = said, details = gone ? { error, expoPushToken: token } : { error } } = failure
  return { status: 'error', message, details } as const
}
