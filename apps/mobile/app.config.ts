import { env } from 'node:process'
import type { ExpoConfig } from 'expo/config'

/**
 * The app's identity comes from the environment at build time, so that every operator builds their
 * own from one source (`docs/run/mobile.md`). Without any of it, it builds for development.
 *
 *   BELFRY_APP_ID         bundle identifier and Android package
 *   BELFRY_APP_NAME       name under the icon
 *   BELFRY_LINK_HOST      host whose https links open the app
 *   BELFRY_SERVER_URL     what the question for the server is filled in with
 *   EAS_PROJECT_ID        Expo project; without it there is no push token
 *   GOOGLE_SERVICES_JSON  path of the Firebase file; without it Android gets no push
 */
function setting(name: string, form: RegExp): string | undefined {
  const value = env[name]
  if (value === undefined || value === '') return undefined
  if (!form.test(value)) throw new Error(`${name} must match ${String(form)}, got "${value}"`)
  return value
}

const appId = setting('BELFRY_APP_ID', /^[a-z][a-z0-9]*(\.[a-z][a-z0-9]*)+$/) ?? 'dev.belfry.app'
const appName = setting('BELFRY_APP_NAME', /^.{1,30}$/) ?? 'Belfry'
const linkHost = setting('BELFRY_LINK_HOST', /^[a-z0-9-]+(\.[a-z0-9-]+)+$/)
const serverUrl = setting('BELFRY_SERVER_URL', /^https:\/\/[^/\s]+$/)
const projectId = setting('EAS_PROJECT_ID', /^[0-9a-f-]{36}$/)
const googleServicesFile = setting('GOOGLE_SERVICES_JSON', /\.json$/)

const paper = '#fbfbfa'
const night = '#101418'

const config: ExpoConfig = {
  name: appName,
  slug: 'belfry',
  version: '1.0.0',
  scheme: 'belfry',
  orientation: 'default',
  userInterfaceStyle: 'automatic',
  icon: './assets/icon.png',
  backgroundColor: paper,
  ios: {
    bundleIdentifier: appId,
    supportsTablet: true,
    entitlements: { 'com.apple.developer.usernotifications.time-sensitive': true },
    infoPlist: {
      NSCameraUsageDescription: 'The camera shows you to the person you are in a video call with.',
      NSMicrophoneUsageDescription:
        'The microphone lets the person you are in a call with hear you.',
      // Only the system's own TLS.
      ITSAppUsesNonExemptEncryption: false,
    },
    ...(linkHost === undefined ? {} : { associatedDomains: [`applinks:${linkHost}`] }),
  },
  android: {
    package: appId,
    // Another phone restored from a backup must not bear this one's device id.
    allowBackup: false,
    softwareKeyboardLayoutMode: 'resize',
    adaptiveIcon: {
      foregroundImage: './assets/adaptive-foreground.png',
      monochromeImage: './assets/adaptive-monochrome.png',
      backgroundColor: night,
    },
    permissions: [
      'android.permission.CAMERA',
      'android.permission.RECORD_AUDIO',
      'android.permission.MODIFY_AUDIO_SETTINGS',
      'android.permission.POST_NOTIFICATIONS',
      'android.permission.VIBRATE',
    ],
    blockedPermissions: [
      'android.permission.READ_EXTERNAL_STORAGE',
      'android.permission.WRITE_EXTERNAL_STORAGE',
      'android.permission.SYSTEM_ALERT_WINDOW',
    ],
    ...(googleServicesFile === undefined ? {} : { googleServicesFile }),
    ...(linkHost === undefined
      ? {}
      : {
          intentFilters: [
            {
              action: 'VIEW',
              autoVerify: true,
              data: [{ scheme: 'https', host: linkHost }],
              category: ['BROWSABLE', 'DEFAULT'],
            },
          ],
        }),
  },
  plugins: [
    [
      'expo-notifications',
      {
        icon: './assets/notification.png',
        color: '#ae7c22',
        defaultChannel: 'messages_v1',
        sounds: ['./assets/ring.wav'],
        enableBackgroundRemoteNotifications: true,
      },
    ],
    [
      'expo-splash-screen',
      {
        image: './assets/splash.png',
        imageWidth: 96,
        backgroundColor: paper,
        dark: { image: './assets/splash-dark.png', backgroundColor: night },
      },
    ],
  ],
  extra: {
    ...(serverUrl === undefined ? {} : { serverUrl }),
    ...(projectId === undefined ? {} : { eas: { projectId } }),
  },
}

export default config
