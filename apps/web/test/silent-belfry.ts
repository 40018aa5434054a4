import type { BelfryBrowser } from '@belfry/browser'

/** A browser that cannot be rung, as far as a test of other things needs one. */
export function silentBelfry(): BelfryBrowser {
  const browser = { name: 'Browser', os: '', mobile: false, label: 'Browser' }
  const failed = { kind: 'failed', code: 'unsupported', sentence: 'It cannot be rung.' } as const
  return {
    browser,
    capability: async () => ({ state: 'unsupported', browser }),
    enable: async () => ({ ...failed, step: 'permission' }),
    sync: async () => ({ kind: 'off' }),
    disable: async () => undefined,
    test: async () => failed,
    onWorkerMessage: () => () => undefined,
    takePendingAction: async () => null,
    closeNotifications: async () => undefined,
    deviceId: async () => 'device-1',
    thisDevice: async () => null,
  }
}
