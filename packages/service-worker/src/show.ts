import { nothingReadable, type Look } from './look.ts'
import type { WorkerEnvironment } from './worker-environment.ts'

/**
 * Shows it, or a plainer one when the browser refuses an option: a push that shows nothing costs
 * the subscription (Safari after three, Firefox after sixteen). False when the browser shows
 * nothing at all: no permission, or no notification service in the system.
 */
export async function show(
  environment: WorkerEnvironment,
  { title, settings }: Look,
): Promise<boolean> {
  const { body, tag, silent, navigate, data } = settings
  for (const [words, options] of [
    [title, settings],
    [title, { body, tag, silent, navigate, data }],
    [nothingReadable.title, { tag, navigate }],
  ] as const) {
    try {
      await environment.registration.showNotification(words, options)
      return true
    } catch {
      // The next, plainer one.
    }
  }
  return false
}
