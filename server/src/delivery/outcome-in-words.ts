import type { SendOutcome } from './send-outcome.ts'

/** For the owner of the device: what is wrong, in a sentence without jargon. Null when nothing is. */
export function outcomeInWords(outcome: SendOutcome): string | null {
  switch (outcome.kind) {
    case 'accepted':
      return null
    case 'gone':
      return goneWords[outcome.reason]
    case 'retry':
      return retryWords[outcome.reason]
    case 'rejected':
      return rejectedWords[outcome.reason]
  }
}

const browserIsGone =
  'This browser is no longer registered. Open the app there and enable notifications again.'

const goneWords = {
  unsubscribed: browserIsGone,
  unknown_endpoint: browserIsGone,
  device_not_registered:
    'This phone is no longer registered. Open the app there and allow notifications again.',
} as const

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
  token_rate_limited: 'It gets more than its push service lets through. We wait, then try again.',
  expo_error: 'Expo had trouble. We try again by ourselves.',
  provider_error: 'Apple or Google had trouble. We try again by ourselves.',
  ticket_missing: 'Expo did not say what became of it. We try again by ourselves.',
  answer_unreadable: 'Expo’s answer could not be read. We try again by ourselves.',
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
  mismatched_sender: 'The app’s keys for Google do not fit the app. The operator has to look.',
  invalid_credentials: 'The app’s keys for Apple or Google are refused. The operator has to look.',
  developer_error: 'Something is wrong in the app’s set-up with Expo. The operator has to look.',
  not_expo: 'What answers in Expo’s place is not Expo. The operator has to look.',
  unknown_error: 'Expo refuses it for a reason that we do not know. The operator has to look.',
  token_invalid: 'Its registration is damaged. Remove it and enable notifications there again.',
} as const
