import type { ExpoService } from '@belfry/expo-service'
import type { Page } from 'puppeteer-core'
import type { Cast } from './cast.ts'
import { signIn } from './door-steps.ts'
import { byRole, byText } from './find.ts'
import { openNotificationSettings } from './notification-steps.ts'
import type { ScriptedShell } from './scripted-shell.ts'

export interface AppStage extends Pick<Cast, 'account'> {
  readonly page: Page
  readonly url: string
  readonly shell: ScriptedShell
  readonly expo: ExpoService
}

/** What is to be seen in the app on a phone only. Scenes follow each other on one page. */
export const appScenes: readonly {
  readonly name: string
  readonly isLong: boolean
  readonly enter: (stage: AppStage) => Promise<unknown>
}[] = [
  {
    name: 'app-home-off',
    isLong: false,
    enter: async ({ page, url, account }) => {
      await signIn(page, url, account)
      await byText(page, 'Notifications are off on this phone.').wait()
      await byText(page, 'Rehearsal').wait()
    },
  },
  {
    name: 'app-settings-blocked',
    isLong: false,
    enter: async ({ page, shell }) => {
      await shell.tellPush({ permission: 'denied' })
      await openNotificationSettings(page)
      await byText(page, 'Blocked on this phone.').wait()
    },
  },
  {
    name: 'app-settings-no-token',
    isLong: false,
    enter: async ({ page, shell }) => {
      await shell.tellPush({ permission: 'granted', trouble: 'no_token' })
      await byText(page, 'This phone cannot be reached yet.').wait()
    },
  },
  {
    name: 'app-settings-on',
    isLong: true,
    enter: async ({ page, url, shell, expo }) => {
      await shell.tellPush({
        permission: 'granted',
        token: {
          v: 1,
          type: 'EXPO_PUSH_TOKEN',
          token: expo.install({ platform: 'android' }),
          platform: 'android',
          deviceId: 'the phone of the pictures',
          projectId: '@belfry/app',
          deviceName: 'Pixel 9 Pro',
          appVersion: '1.0.0',
          drawsRings: true,
        },
      })
      await byText(page, 'this phone').wait()
      const push = expo.events.waitFor('push')
      await byRole(page, 'button', 'Send test notification').click()
      const { data } = await push
      await fetch(`${url}/api/push-receipts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ receipt: data['receipt'], event: 'shown' }),
      })
      await byText(page, 'On for this phone.').wait()
    },
  },
]
