/** Why no answer came. */
export type FailureReason =
  | 'timeout'
  | 'aborted'
  | 'dns_failed'
  | 'connect_failed'
  | 'tls_failed'
  | 'connection_lost'

/** OpenSSL's verification results and alerts, as Node codes them. */
const TLS_CODES =
  /^(ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH$|INVALID_CA$)/

/**
 * Why `fetch` rejected. It says only "fetch failed" and has the socket's error as `cause`, which
 * names the system call; without a call of the time before a connection stands, the request may
 * have been written.
 */
export function failureReason(error: unknown): FailureReason {
  const { code, syscall } = socketErrorOf(error)
  if (syscall === 'getaddrinfo') return 'dns_failed'
  if (syscall === 'connect' || code === 'UND_ERR_CONNECT_TIMEOUT') return 'connect_failed'
  return TLS_CODES.test(code) ? 'tls_failed' : 'connection_lost'
}

interface SocketError {
  readonly code: string
  readonly syscall: string
}

const UNKNOWN: SocketError = { code: '', syscall: '' }

/** The innermost error with a code; of several addresses tried, the first one's. */
function socketErrorOf(error: unknown, depth = 0): SocketError {
  if (!(error instanceof Error) || depth > 4) return UNKNOWN
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause
  const found = socketErrorOf(inner, depth + 1)
  if (found !== UNKNOWN) return found
  if (!('code' in error) || typeof error.code !== 'string') return UNKNOWN
  const syscall = 'syscall' in error ? String(error.syscall) : ''
  return { code: error.code, syscall }
}
