import type { SendOutcome } from './send-outcome.ts'
import { outcomeInWords } from './outcome-in-words.ts'

/**
 * What came of a test, for the person who looks at it: what is wrong, and what to do. Unlike a message a test is
 * never tried again by us, and is always of the same length. Null when nothing is wrong.
 */
export function testInWords(outcome: SendOutcome): string | null {
  if (outcome.kind === 'retry') return retryWords[outcome.reason]
  if (outcome.kind === 'rejected' && outcome.reason === 'payload_too_large') return tooLarge
  return outcomeInWords(outcome)
}

const tooLarge =
  'Its push service takes no message as large as a test, which is a small one. Remove this device and enable notifications there again; if it stays, the operator has to look.'

const retryWords = {
  rate_limited: 'Its push service asks us to slow down. Test again in a few minutes.',
  server_error: 'Its push service has trouble. Test again in a minute.',
  redirected:
    'Its push service answered in a way that it should not. Test again in a few minutes; if it stays, the operator has to look.',
  timeout:
    'Its push service did not answer in time, so it may arrive all the same. If nothing shows, test again in a minute.',
  dns_failed:
    'Its push service could not be found on the network. Test again in a minute; if it stays, the operator has to look at the server’s network.',
  connect_failed:
    'Its push service could not be reached. Test again in a minute; if it stays, the operator has to look at the server’s network.',
  tls_failed:
    'Its push service showed a certificate that cannot be trusted. The operator has to look at the server’s network.',
  connection_lost:
    'The connection to its push service broke, so it may arrive all the same. If nothing shows, test again in a minute.',
  aborted: 'The server was stopping. Test again in a minute.',
  token_rate_limited:
    'This phone gets more than its push service lets through. Test again in an hour.',
  expo_error: 'Expo had trouble. Test again in a minute.',
  provider_error: 'Apple or Google had trouble. Test again in a minute.',
  ticket_missing:
    'Expo did not say what became of it, so it may arrive all the same. If nothing shows, test again in a minute.',
  answer_unreadable:
    'Expo’s answer could not be read, so it may arrive all the same. If nothing shows, test again in a minute.',
} as const
