import type { PermissionState } from '../bridge/messages.ts'

/** Which of the app's own screens is shown. `offline` lies over the page. */
export type Screen = 'starting' | 'address' | 'primer' | 'page'

export interface ScreenFacts {
  /** False until what was stored has been read. */
  readonly isRead: boolean
  readonly origin: string | undefined
  readonly permission: PermissionState
  /** The person chose *Not now*, or was asked: the question does not come again by itself. */
  readonly isPrimed: boolean
}

export function screenOf({ isRead, origin, permission, isPrimed }: ScreenFacts): Screen {
  if (!isRead) return 'starting'
  if (origin === undefined) return 'address'
  return permission === 'undetermined' && !isPrimed ? 'primer' : 'page'
}
