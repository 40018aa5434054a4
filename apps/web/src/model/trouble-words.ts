import type { Problem } from '@belfry/contracts'
import { unreachableCode } from './request.ts'

/** What did not work and what to do, where no page has better words. */
export function troubleWords({ code, status, detail }: Problem): string {
  if (code === unreachableCode) return 'The server did not answer. Try again.'
  if (status === 429) return 'That was too much at once. Wait a minute, then try again.'
  if (status >= 500) return 'The server could not do this now. Try again.'
  return detail ?? 'The server refused.'
}
