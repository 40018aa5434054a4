import type { Encrypt } from '../encryption/create-encryptor.ts'
import { WebPushError, type WebPushErrorCode } from '../web-push-error.ts'
import type { Rejected } from './outcome.ts'
import { refusedHere, type LocalRefusal } from './refused-here.ts'
import type { PushMessage } from './sender.ts'

const REFUSALS: Partial<Record<WebPushErrorCode, LocalRefusal>> = {
  PAYLOAD_TOO_LARGE: 'payload_too_large',
  P256DH_INVALID: 'subscription_invalid',
  AUTH_INVALID: 'subscription_invalid',
}

/** The encrypted body, or the outcome when the payload or the stored keys do not allow one. */
export function encryptOrRefuse(
  encrypt: Encrypt,
  { payload, subscription }: PushMessage,
): Buffer | Rejected {
  try {
    return encrypt({ plaintext: payload, p256dh: subscription.p256dh, auth: subscription.auth })
  } catch (error) {
    const refusal = error instanceof WebPushError ? REFUSALS[error.code] : undefined
    if (refusal) return refusedHere(refusal)
    throw error
  }
}
