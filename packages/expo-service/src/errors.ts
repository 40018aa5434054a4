/** The service was closed while something still waited for an event. */
export class ExpoServiceClosedError extends Error {
  override readonly name = 'ExpoServiceClosedError'
  readonly code = 'EXPO_SERVICE_CLOSED'
  readonly waitedFor: string

  constructor(waitedFor: string) {
    super(
      `the Expo push service was closed before a "${waitedFor}" event came; await it before close()`,
    )
    this.waitedFor = waitedFor
  }
}

/** No matching event came in time; `seen` holds the types of the last events that did. */
export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError'
  readonly code = 'WAIT_TIMED_OUT'
  readonly seen: readonly string[]

  constructor(waitedFor: string, options: { timeoutMs: number; seen: readonly string[] }) {
    const seen = options.seen.join(', ') || 'nothing'
    super(`no matching "${waitedFor}" event within ${options.timeoutMs} ms; last events: ${seen}`)
    this.seen = options.seen
  }
}

/** No app was ever installed with this token. */
export class UnknownTokenError extends Error {
  override readonly name = 'UnknownTokenError'
  readonly code = 'UNKNOWN_TOKEN'

  constructor(token: string) {
    super(`no phone has the token "${token}"; install() gives one`)
  }
}

/** A token, port, address or answer that the caller gave cannot be used. */
export class InvalidOptionError extends Error {
  override readonly name = 'InvalidOptionError'
  readonly code = 'INVALID_OPTION'
}
