import Constants from 'expo-constants'
import {
  addPushTokenListener,
  type DevicePushToken,
  getExpoPushTokenAsync,
  getPermissionsAsync,
  requestPermissionsAsync,
  setBadgeCountAsync,
} from 'expo-notifications'
import { isTaskRegisteredAsync } from 'expo-task-manager'
import { Platform } from 'react-native'
import type { PermissionState } from '../bridge/messages.ts'
import { permissionState } from '../notifications/permission-state.ts'
import type { PushPort, PushSource } from '../push-token/find-push.ts'
import { backgroundTask } from './background-task.ts'
import { prepareNotifications } from './prepare-notifications.ts'
import type { Settings } from './settings.ts'

/**
 * Where the push token comes from.
 *
 * @param rolled the new native token when the system has just changed it: asking the system for it
 * from within its own announcement would announce it again
 */
function phonePushSource(settings: Settings, rolled?: DevicePushToken): PushSource {
  const platform = Platform.OS === 'ios' ? 'ios' : 'android'
  return {
    platform,
    deviceName: Constants.deviceName ?? (platform === 'ios' ? 'iPhone' : 'Android phone'),
    appVersion: Constants.expoConfig?.version ?? '',
    projectId: Constants.easConfig?.projectId ?? projectOf(Constants.expoConfig?.extra),
    permission,
    expoToken: async (projectId) => {
      const known = rolled === undefined ? {} : { devicePushToken: rolled }
      return (await getExpoPushTokenAsync({ projectId, ...known })).data
    },
    deviceId: () => settings.deviceId(),
    drawsRings: async () => platform === 'android' && isTaskRegisteredAsync(backgroundTask),
  }
}

function projectOf(extra: unknown): string | undefined {
  if (typeof extra !== 'object' || extra === null || !('eas' in extra)) return undefined
  const { eas } = extra
  if (typeof eas !== 'object' || eas === null || !('projectId' in eas)) return undefined
  return typeof eas.projectId === 'string' ? eas.projectId : undefined
}

async function permission(): Promise<PermissionState> {
  try {
    return permissionState(await getPermissionsAsync())
  } catch {
    // Not told: as if it had not been asked yet, so that it can be.
    return 'undetermined'
  }
}

/** The phone's push service through expo-notifications. */
export function phonePush(settings: Settings): PushPort<DevicePushToken> {
  return {
    prepare: prepareNotifications,
    source: (rolled) => phonePushSource(settings, rolled),
    async ask() {
      await requestPermissionsAsync({
        ios: { allowAlert: true, allowBadge: true, allowSound: true },
      })
    },
    onRoll(listener) {
      const subscription = addPushTokenListener(listener)
      return () => subscription.remove()
    },
    async setBadge(count) {
      await setBadgeCountAsync(count)
    },
  }
}
