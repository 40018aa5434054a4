import {
  setNotificationCategoryAsync,
  setNotificationChannelAsync,
  setNotificationHandler,
} from 'expo-notifications'
import { Platform } from 'react-native'
import { channels } from '../notifications/channels.ts'
import { showsInForeground } from '../notifications/foreground.ts'
import { ringActions, ringCategory } from '../notifications/on-response.ts'
import { words } from '../notifications/words.ts'
import { registerBackgroundTask } from './background-task.ts'
import type { Parts } from './parts.ts'

/**
 * What has to stand before the first push, and before Android may be asked for permission.
 * Never rejects: the app has to open all the same.
 */
export async function prepareNotifications(): Promise<void> {
  try {
    await prepareLooks()
  } catch {
    // Tried again at the next start. Until then Android shows what comes in a channel of its own.
  }
  await registerBackgroundTask()
}

async function prepareLooks(): Promise<void> {
  if (Platform.OS === 'android') {
    for (const [id, channel] of channels) await setNotificationChannelAsync(id, channel)
  }
  await setNotificationCategoryAsync(ringCategory, [
    {
      identifier: ringActions.answer,
      buttonTitle: words.answer,
      options: { opensAppToForeground: true },
    },
    {
      identifier: ringActions.decline,
      buttonTitle: words.decline,
      options: { opensAppToForeground: false, isDestructive: true },
    },
  ])
}

/** Decides about what arrives while the app is in front. The system waits 3 s for it. */
export function handleForeground({ phone }: Parts): void {
  setNotificationHandler({
    async handleNotification({ request: { content, trigger } }) {
      const isPush = trigger !== null && 'type' in trigger && trigger.type === 'push'
      const isShown = await showsInForeground(phone, {
        isOwn: !isPush,
        title: content.title ?? '',
        data: content.data,
      })
      return {
        shouldShowBanner: isShown,
        shouldShowList: isShown,
        shouldPlaySound: isShown,
        shouldSetBadge: isShown,
      }
    },
  })
}
