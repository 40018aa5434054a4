/** The service was closed while something still waited for an event. */
export class PushServiceClosedError extends Error {
  override readonly name = 'PushServiceClosedError'
  readonly code = 'PUSH_SERVICE_CLOSED'
  readonly waitedFor: string

  constructor(waitedFor: string) {
    super(`the push service was closed before a "${waitedFor}" event came; await it before close()`)
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

/** A body is not one RFC 8188 record that this recipient's keys open. */
export class DecryptError extends Error {
  override readonly name = 'DecryptError'
  readonly code = 'DECRYPT_FAILED'
}

/** A VAPID key, port or address that the caller gave cannot be used. */
export class InvalidOptionError extends Error {
  override readonly name = 'InvalidOptionError'
  readonly code = 'INVALID_OPTION'
}
