import type { PermissionState } from '../src/bridge/messages.ts'
import type { Parts } from '../src/native/parts.ts'
import { pushHandler } from '../src/notifications/on-push.ts'
import { responseHandler } from '../src/notifications/on-response.ts'
import { pageTaker } from '../src/notifications/page-takes.ts'
import { fakePhone, type FakePhone } from './fake-phone.ts'

export interface FakeParts extends Parts {
  readonly phone: FakePhone
  readonly stored: { origin: string | undefined; isPrimed: boolean; left: number }
  readonly state: { isListening: boolean; permission: PermissionState }
  readonly asked: string[]
  readonly badges: number[]
}

export interface FakePartsOptions {
  readonly origin?: string
  readonly isPrimed?: boolean
  readonly permission?: PermissionState
  /** The response that started the app. */
  readonly lastResponse?: unknown
}

/** The app's parts without a phone. */
export function fakeParts(options: FakePartsOptions = {}): FakeParts {
  const phone = fakePhone()
  const stored = { origin: options.origin, isPrimed: options.isPrimed ?? false, left: 0 }
  const state: FakeParts['state'] = {
    isListening: false,
    permission: options.permission ?? 'granted',
  }
  const asked: string[] = []
  const badges: number[] = []
  return {
    phone,
    stored,
    state,
    asked,
    badges,
    push: {
      async prepare() {
        asked.push('prepare')
      },
      source: () => ({
        platform: 'android',
        deviceName: 'Pixel 9',
        appVersion: '1.0.0',
        projectId: 'project-1',
        permission: async () => state.permission,
        expoToken: async () => 'ExponentPushToken[abc]',
        deviceId: async () => 'device-1',
        drawsRings: async () => true,
      }),
      async ask() {
        asked.push('ask')
        state.permission = 'granted'
      },
      onRoll: () => () => undefined,
      async setBadge(count) {
        badges.push(count)
      },
    },
    settings: {
      origin: async () => stored.origin,
      async setOrigin(origin) {
        stored.origin = origin
      },
      deviceId: async () => 'device-1',
      isPrimed: async () => stored.isPrimed,
      async setPrimed() {
        stored.isPrimed = true
      },
      record: phone.record,
    },
    taker: pageTaker({ isListening: () => state.isListening, wait: phone.wait }),
    openings: {
      lastResponse: () => options.lastResponse ?? null,
      clearLastResponse: () => undefined,
      onResponse: () => () => undefined,
      initialLink: async () => null,
      onLink: () => () => undefined,
    },
    setPageListens(listens) {
      state.isListening = listens
    },
    leaveServer() {
      stored.left += 1
    },
    onPush: pushHandler(phone),
    onResponse: responseHandler(phone),
  }
}
