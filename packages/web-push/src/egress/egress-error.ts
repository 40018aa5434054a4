/**
 * A connection that we refused to open.
 *
 * - `HOST_FORBIDDEN`: the host or port is not on the allow-list.
 * - `ADDRESS_FORBIDDEN`: one of the host's addresses is not public.
 */
export type EgressErrorCode = 'HOST_FORBIDDEN' | 'ADDRESS_FORBIDDEN'

/** Refused before a socket was opened. The message names the host only. */
export class EgressError extends Error {
  override readonly name = 'EgressError'
  readonly code: EgressErrorCode
  readonly host: string

  constructor(code: EgressErrorCode, host: string, message: string) {
    super(message)
    this.code = code
    this.host = host
  }
}
