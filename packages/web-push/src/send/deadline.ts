/** One limit for everything that a request does. */
export interface Deadline {
  readonly signal: AbortSignal
  /** True when time ran out, false when somebody aborted. */
  readonly hasExpired: () => boolean
  /** Ends the request before its time. */
  abort(): void
  /** Stops the clock; call it when the request is over. */
  end(): void
}

/** Starts the clock. `callerSignal` ends the request as well. */
export function startDeadline(deadlineMs: number, callerSignal?: AbortSignal): Deadline {
  const controller = new AbortController()
  let isExpired = false
  const abort = () => controller.abort()
  const timer = setTimeout(() => {
    isExpired = true
    abort()
  }, deadlineMs)
  if (callerSignal?.aborted) abort()
  else callerSignal?.addEventListener('abort', abort)
  return {
    signal: controller.signal,
    hasExpired: () => isExpired,
    abort,
    end() {
      clearTimeout(timer)
      callerSignal?.removeEventListener('abort', abort)
    },
  }
}
