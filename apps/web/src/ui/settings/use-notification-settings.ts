import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { useApp } from '../../app/app-context.ts'
import { useLive } from '../../app/live-context.ts'
import {
  NotificationSettings,
  type NotificationSnapshot,
} from '../../model/notifications/notification-settings.ts'
import { keys } from '../../model/query-keys.ts'
import { valueOf } from '../../model/request.ts'
import { useBelfry } from './use-belfry.ts'

export interface NotificationControls {
  readonly settings: NotificationSettings
  readonly snapshot: NotificationSnapshot
}

/** This browser and its notifications. Looks again when the person comes back to the tab: they may have been in the system's settings. */
export function useNotificationSettings(): NotificationControls {
  const { api, clock } = useApp()
  const { realtime } = useLive()
  const belfry = useBelfry()
  const queries = useQueryClient()

  const settings = useMemo(
    () =>
      new NotificationSettings({
        belfry,
        permission: () => ('Notification' in window ? Notification.permission : 'denied'),
        hasWorker,
        devices: async () => (await valueOf(api.subscriptions())).subscriptions,
        onShown: (id, listener) =>
          realtime.on('devices.updated', ({ subscriptionId, change }) => {
            if (subscriptionId === id && change === 'shown') listener()
          }),
        onChanged() {
          void queries.invalidateQueries({ queryKey: keys.subscriptions })
          void queries.invalidateQueries({ queryKey: keys.bell })
        },
        now: clock.now,
        schedule: clock.after,
      }),
    [api, belfry, clock, queries, realtime],
  )

  useEffect(() => {
    const look = () => void settings.refresh()
    look()
    document.addEventListener('visibilitychange', look)
    const stop = realtime.on('devices.updated', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      stop()
      settings.stop()
    }
  }, [settings, realtime])

  return { settings, snapshot: useSyncExternalStore(settings.subscribe, settings.snapshot) }
}

async function hasWorker(): Promise<boolean> {
  const registration = await navigator.serviceWorker.getRegistration('/')
  return registration?.active !== null && registration?.active !== undefined
}
