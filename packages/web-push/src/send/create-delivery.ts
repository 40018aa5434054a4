import type { Encrypt } from '../encryption/create-encryptor.ts'
import type { VapidSigner, VapidToken } from '../vapid/create-vapid-signer.ts'
import type { ImportedVapidKeys } from '../vapid/import-vapid-keys.ts'
import type { Deadline } from './deadline.ts'
import { encryptOrRefuse } from './encrypt-or-refuse.ts'
import { createEncryptionTurns } from './encryption-turns.ts'
import { failureOutcome } from './failure-outcome.ts'
import { outcomeOf } from './outcome-of.ts'
import type { Outcome } from './outcome.ts'
import { pushHeaders } from './push-headers.ts'
import type { PushMessage } from './sender.ts'
import type { Transport } from './transport.ts'

export interface DeliveryParts {
  readonly encrypt: Encrypt
  readonly signer: VapidSigner
  readonly transport: Transport
  readonly clock: () => number
}

/** A message that passed every check that needs no network. */
interface CheckedMessage {
  readonly message: PushMessage
  readonly url: URL
  readonly keys: ImportedVapidKeys
  readonly deadline: Deadline
}

/** Encrypt, sign, POST, read the answer. */
export type Deliver = (checked: CheckedMessage) => Promise<Outcome>

/** Puts the parts of a delivery together. */
export function createDelivery({ encrypt, signer, transport, clock }: DeliveryParts): Deliver {
  const turns = createEncryptionTurns()

  return async ({ message, url, keys, deadline }) => {
    const isUrgent = message.urgency === 'high'
    await turns.next(isUrgent)
    if (deadline.signal.aborted) {
      return failureOutcome({ kind: 'failure', reason: 'aborted', wasWritten: false }, deadline)
    }
    const body = encryptOrRefuse(encrypt, message)
    if (!(body instanceof Uint8Array)) return body

    const post = async ({ authorization }: VapidToken): Promise<Outcome> => {
      const headers = pushHeaders(message, { url, authorization })
      const { signal } = deadline
      const result = await transport.request({
        url,
        method: 'POST',
        headers,
        body,
        isUrgent,
        signal,
      })
      if (result.kind === 'failure') return failureOutcome(result, deadline)
      return outcomeOf({ ...result, url, nowMs: clock() })
    }

    const token = signer.token(url.origin, keys)
    const outcome = await post(token)
    // A 401 may only mean that the cached token has aged badly: one new signature, one new try.
    const isRefused =
      outcome.kind === 'rejected' && outcome.status === 401 && outcome.reason === 'unauthorized'
    const renewed = isRefused ? signer.renew(url.origin, keys, token) : undefined
    return renewed ? post(renewed) : outcome
  }
}
