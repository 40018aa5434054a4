/** One HTTP request, ready to go. */
export interface TransportRequest {
  readonly url: URL
  readonly method: 'POST' | 'DELETE'
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | null
  /** Goes before others that wait for a connection, and may use the ones kept free for it. */
  readonly isUrgent: boolean
  /** Ends the request wherever it is, also in the middle of the answer. */
  readonly signal: AbortSignal
}

/** What came back. Whatever the network does is a value. */
export type TransportResult = TransportResponse | TransportFailure

export interface TransportResponse {
  readonly kind: 'response'
  readonly status: number
  /** Lower-case names; a repeated header is joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  /** At most the first 64 KiB, as UTF-8; cut short when the signal ended the answer. */
  readonly text: string
}

export interface TransportFailure {
  readonly kind: 'failure'
  readonly reason: TransportFailureReason
  /** True when the request was handed to a connection, so the service may have it. */
  readonly wasWritten: boolean
}

export type TransportFailureReason =
  | 'aborted'
  | 'dns_failed'
  | 'connect_failed'
  | 'tls_failed'
  | 'connection_lost'
  | 'host_forbidden'
  | 'address_forbidden'

/**
 * A way to make HTTP requests.
 *
 * - MUST NOT follow redirects, read proxy settings, or send a request twice.
 * - MUST NOT connect anywhere that the egress guard would refuse.
 * - MUST settle at once when the signal aborts: with the response when its status had come.
 * - MUST NOT let requests of one origin wait for those of another.
 * - MUST NOT reject.
 */
export interface Transport {
  request(request: TransportRequest): Promise<TransportResult>
  /** Ends all connections. Requests under way settle as `aborted` or `connection_lost`. */
  close(): Promise<void>
}
