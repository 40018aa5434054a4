import { useQuery } from '@tanstack/react-query'
import type { CapabilityState } from '@belfry/browser'
import { keys } from '../model/query-keys.ts'
import { useApp } from './app-context.ts'

/** Whether this device rings: what the rail's bell shows. */
export interface Bell {
  /** `waits`: it could, and the person has not turned it on here. */
  readonly kind: 'on' | 'waits' | 'trouble' | 'cannot' | 'unknown'
  readonly words: string
}

/** The person may change the permission in the browser's own settings, and nothing tells us. */
const againMs = 15_000

const bells: { readonly [S in CapabilityState]: Bell } = {
  on: { kind: 'on', words: 'Notifications are on' },
  off: { kind: 'waits', words: 'Notifications are off' },
  not_asked: { kind: 'waits', words: 'Notifications are off' },
  blocked: { kind: 'trouble', words: 'Notifications are blocked' },
  broken: { kind: 'trouble', words: 'This browser lost its registration' },
  needs_install: { kind: 'cannot', words: 'Add this app to the Home Screen to be rung' },
  private_window: { kind: 'cannot', words: 'A private window cannot be rung' },
  unsupported: { kind: 'cannot', words: 'This browser cannot be rung' },
  insecure: { kind: 'cannot', words: 'This address is not secure, so it cannot ring' },
}

/** The same in the app on a phone, where they differ. */
const phoneBells: { readonly [S in CapabilityState]?: Bell } = {
  broken: { kind: 'trouble', words: 'This phone is not registered' },
  unsupported: { kind: 'cannot', words: 'This app does not answer' },
}

export function useBell(): Bell {
  const { belfry, phone } = useApp()
  const { data } = useQuery({
    queryKey: keys.bell,
    queryFn: () => belfry.capability(),
    refetchInterval: againMs,
    refetchOnWindowFocus: 'always',
  })
  if (data === undefined) return { kind: 'unknown', words: 'Notifications' }
  return (phone === null ? null : phoneBells[data.state]) ?? bells[data.state]
}
