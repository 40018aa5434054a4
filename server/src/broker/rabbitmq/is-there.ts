import type { Control } from './control.ts'

export interface StartWait {
  /** For a connection. Milliseconds, as below. */
  readonly startWithinMs: number
  /** In all, when there is a connection by then: declaring everything on a slow disk takes its time. */
  readonly declareWithinMs: number
  readonly stopping?: AbortSignal | undefined
}

/**
 * True once everything is open, false when RabbitMQ is not there in time. Rejects as `opening` does, and when
 * `stopping` is aborted, with its reason.
 */
export async function isThere(
  opening: Promise<unknown>,
  control: Pick<Control, 'connected'>,
  { startWithinMs, declareWithinMs, stopping }: StartWait,
): Promise<boolean> {
  const open = opening.then(() => true)
  const stopped = Promise.withResolvers<never>()
  const stop = () => stopped.reject(stopping?.reason)
  stopping?.addEventListener('abort', stop)
  if (stopping?.aborted === true) stop()
  const [soon, late] = [after(startWithinMs), after(declareWithinMs)]
  try {
    if (await Promise.race([open, stopped.promise, soon.over])) return true
    const ended = control.connected?.then(() => false) ?? false
    return await Promise.race([open, stopped.promise, late.over, ended])
  } finally {
    soon.clear()
    late.clear()
    stopping?.removeEventListener('abort', stop)
    open.catch(() => {}) // Who waits no longer need not hear of it.
  }
}

function after(ms: number): { readonly over: Promise<false>; clear(): void } {
  const { promise, resolve } = Promise.withResolvers<false>()
  const timer = setTimeout(resolve, ms, false)
  return { over: promise, clear: () => clearTimeout(timer) }
}
