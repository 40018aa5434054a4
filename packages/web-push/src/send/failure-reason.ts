import { EgressError, type EgressErrorCode } from '../egress/egress-error.ts'
import type { TransportFailureReason } from './transport.ts'

const REFUSED: Readonly<Record<EgressErrorCode, TransportFailureReason>> = {
  HOST_FORBIDDEN: 'host_forbidden',
  ADDRESS_FORBIDDEN: 'address_forbidden',
}

/** `getaddrinfo` failures, as Node codes them. */
const DNS_CODES = /^(ENOTFOUND|ENODATA|ESERVFAIL|ETIMEOUT|EAI_[A-Z]+)$/

/** OpenSSL's verification results and alerts, as Node codes them. */
const TLS_CODES =
  /^(ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH$|INVALID_CA$)/

/**
 * Why no answer came, from what the socket or undici reported.
 *
 * @param wasWritten The request had been handed to a connection.
 */
export function failureReason(error: unknown, wasWritten: boolean): TransportFailureReason {
  if (error instanceof EgressError) return REFUSED[error.code]
  if (error instanceof Error && error.name === 'AbortError') return 'aborted'
  if (wasWritten) return 'connection_lost'
  const code = codeOf(error)
  if (DNS_CODES.test(code)) return 'dns_failed'
  return TLS_CODES.test(code) ? 'tls_failed' : 'connect_failed'
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
