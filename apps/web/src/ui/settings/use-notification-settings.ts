import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { useApp } from '../../app/app-context.ts'
import { useLive } from '../../app/live-context.ts'
import {
  NotificationSettings,
  type NotificationSettingsOptions,
  type NotificationSnapshot,
} from '../../model/notifications/notification-settings.ts'
import { browserChecks, phoneChecks } from '../../model/notifications/test-checks.ts'
import { browserTestWords, phoneTestWords } from '../../model/notifications/test-words.ts'
import { systemCure } from '../../model/notifications/unblock-steps.ts'
import { keys } from '../../model/query-keys.ts'
import { valueOf } from '../../model/request.ts'
import type { RingingDevice } from '../../model/ringing-device.ts'
import { phoneCure } from '../../model/shell/phone-words.ts'
import type { Phone } from '../../model/shell/phone.ts'

export interface NotificationControls {
  readonly settings: NotificationSettings
  readonly snapshot: NotificationSnapshot
}

/** This device and its notifications. Looks again when the person comes back to the page: they may have been in the system's settings. */
export function useNotificationSettings(): NotificationControls {
  const { api, belfry, clock, phone } = useApp()
  const { realtime } = useLive()
  const queries = useQueryClient()

  const settings = useMemo(
    () =>
      new NotificationSettings({
        belfry,
        ...(phone === null ? browserParts(belfry) : phoneParts(phone)),
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
    [api, belfry, clock, phone, queries, realtime],
  )

  useEffect(() => {
    const look = () => void settings.refresh()
    look()
    document.addEventListener('visibilitychange', look)
    const stop = realtime.on('devices.updated', look)
    const stopPhone = phone?.subscribe(look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      stop()
      stopPhone?.()
      settings.stop()
    }
  }, [phone, settings, realtime])

  return { settings, snapshot: useSyncExternalStore(settings.subscribe, settings.snapshot) }
}

type DeviceParts = Pick<NotificationSettingsOptions, 'permission' | 'checks' | 'words'>

function browserParts(belfry: RingingDevice): DeviceParts {
  const permission = () => ('Notification' in window ? Notification.permission : 'denied')
  const hasSubscription = async () => (await belfry.capability()).state === 'on'
  return {
    permission,
    checks: browserChecks({ permission, hasWorker, hasSubscription }),
    words: browserTestWords(systemCure(belfry.browser)),
  }
}

function phoneParts(phone: Phone): DeviceParts {
  const permission = () => {
    const now = phone.snapshot().permission
    return now === 'undetermined' ? 'default' : now
  }
  const hasToken = () => phone.snapshot().hasToken
  return {
    permission,
    checks: phoneChecks({ permission, hasToken }),
    words: phoneTestWords(phoneCure),
  }
}

async function hasWorker(): Promise<boolean> {
  const registration = await navigator.serviceWorker.getRegistration('/')
  return registration?.active !== null && registration?.active !== undefined
}
