import { laneMessage, type LaneMessage } from '@belfry/contracts'

export type Decoded =
  | { readonly kind: 'message'; readonly message: LaneMessage }
  /** Never a word of the body itself: reasons are shown and logged. */
  | { readonly kind: 'unreadable'; readonly reason: string }

/** The body of a message on a lane. What cannot be read now cannot be read later either. */
export function decodeBody(body: string): Decoded {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return { kind: 'unreadable', reason: 'unreadable: not JSON' } // The syntax error's text quotes the body.
  }
  const parsed = laneMessage.safeParse(value)
  if (parsed.success) return { kind: 'message', message: parsed.data }
  const issue = parsed.error.issues[0]
  const at = issue === undefined || issue.path.length === 0 ? 'the whole' : issue.path.join('.')
  return {
    kind: 'unreadable',
    reason: `unreadable: not an event of this version (${issue?.code} at ${at})`,
  }
}
