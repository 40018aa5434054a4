import type { Outcome } from '@belfry/web-push'

/** For the owner of the device: what is wrong, in a sentence without jargon. Null when nothing is. */
export function outcomeInWords(outcome: Outcome): string | null {
  switch (outcome.kind) {
    case 'accepted':
      return null
    case 'gone':
      return 'This browser is no longer registered. Open the app there and enable notifications again.'
    case 'retry':
      return retryWords[outcome.reason]
    case 'rejected':
      return rejectedWords[outcome.reason]
  }
}

const retryWords = {
  rate_limited: 'Its push service asks us to slow down. We try again by ourselves.',
  server_error: 'Its push service had trouble. We try again by ourselves.',
  redirected: 'Its push service answered in a way that it should not. We try again by ourselves.',
  timeout: 'Its push service did not answer in time. We try again by ourselves.',
  dns_failed: 'Its push service could not be found on the network. We try again by ourselves.',
  connect_failed: 'Its push service could not be reached. We try again by ourselves.',
  tls_failed: 'Its push service showed a certificate that cannot be trusted.',
  connection_lost: 'The connection to its push service broke. We try again by ourselves.',
  aborted: 'The server was stopping. We try again by ourselves.',
} as const

const rejectedWords = {
  key_mismatch: 'It was registered with another key. Open the app there to repair it.',
  payload_too_large: 'The message was too large for its push service.',
  unauthorized: 'Its push service does not accept our signature. The operator has to look.',
  forbidden: 'Its push service refuses us. The operator has to look.',
  bad_request: 'Its push service does not understand us. The operator has to look.',
  dropped_by_service: 'Its push service threw the message away.',
  subscription_invalid:
    'Its registration is damaged. Remove it and enable notifications there again.',
  endpoint_forbidden: 'Its push service is not on the list of allowed hosts.',
  address_forbidden: 'Its push service has an address that is not public.',
  vapid_key_unknown:
    'It was registered with a key that this server no longer has. Open the app there to repair it.',
} as const
