import type { BelfryBrowser, CapabilityState, EnableOptions, EnableResult } from '@belfry/browser'
import type { RegisteredSubscription } from '@belfry/contracts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { NotificationSettings, type NotificationSettingsOptions } from './notification-settings.ts'
import { browserChecks } from './test-checks.ts'
import { browserTestWords } from './test-words.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-21T14:00:00Z') })
})
afterEach(() => {
  vi.useRealTimers()
})

const device: RegisteredSubscription = {
  id: 'row-1',
  kind: 'web-push',
  deviceName: 'Firefox, Linux',
  deviceId: 'profile-1',
  host: 'updates.push.services.mozilla.com',
  createdAt: '2026-11-20T10:00:00Z',
  lastSeenAt: '2026-11-21T13:59:00Z',
  lastAcceptedAt: null,
  lastShownAt: '2026-11-20T12:00:00Z',
  lastError: null,
  renewToken: 'token',
}

const browser = { name: 'Firefox', os: 'Linux', mobile: false, label: 'Firefox, Linux' }

interface Setting {
  state?: CapabilityState
  permission?: 'default' | 'granted' | 'denied'
  enable?: (options?: EnableOptions) => Promise<EnableResult>
  send?: BelfryBrowser['test']
}

function aBrowser({ state = 'on', permission = 'granted', enable, send }: Setting = {}) {
  const now = { state, permission }
  const shown = new Set<() => void>()
  const onChanged = vi.fn()
  const options: NotificationSettingsOptions = {
    belfry: {
      capability: () => Promise.resolve({ state: now.state, browser }),
      disable: () => Promise.resolve(),
      enable: enable ?? (() => Promise.resolve({ kind: 'enabled', device })),
      sync: () => Promise.resolve({ kind: 'in_sync', device }),
      test:
        send ??
        (() =>
          Promise.resolve({
            kind: 'sent',
            results: [{ id: 'row-1', outcome: 'accepted', status: 201, host: device.host }],
          })),
      thisDevice: () => Promise.resolve(now.state === 'on' ? 'row-1' : null),
    },
    permission: () => now.permission,
    checks: browserChecks({
      permission: () => now.permission,
      hasWorker: () => Promise.resolve(true),
      hasSubscription: () => Promise.resolve(true),
    }),
    words: browserTestWords('Check the system’s settings.'),
    devices: () => Promise.resolve([device]),
    onShown(_id, listener) {
      shown.add(listener)
      return () => shown.delete(listener)
    },
    onChanged,
    now: () => Date.now(),
    schedule(run, ms) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  }
  const settings = new NotificationSettings(options)
  return { settings, now, onChanged, show: () => shown.forEach((listener) => listener()) }
}

test('while the browser’s question is open the page says that it asks, and then that it is on', async () => {
  let answer: () => void = () => undefined
  const browser = aBrowser({
    state: 'not_asked',
    permission: 'default',
    async enable(options) {
      options?.onProgress?.({ step: 'permission', outcome: 'started' })
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      options?.onProgress?.({ step: 'permission', outcome: 'done' })
      return { kind: 'enabled', device }
    },
  })
  const enabling = browser.settings.enable()
  expect(browser.settings.snapshot().isAsking).toBe(true)
  browser.now.state = 'on'
  answer()
  await enabling
  expect(browser.settings.snapshot()).toMatchObject({
    isAsking: false,
    isWorking: false,
    failure: null,
    thisDevice: 'row-1',
    capability: { state: 'on' },
  })
  expect(browser.onChanged).toHaveBeenCalled()
})

test('a repair asks nothing, because the permission is there', async () => {
  const seen: boolean[] = []
  const { settings } = aBrowser({
    state: 'broken',
    enable(options) {
      options?.onProgress?.({ step: 'permission', outcome: 'started' })
      return Promise.resolve({ kind: 'enabled', device })
    },
  })
  settings.subscribe(() => seen.push(settings.snapshot().isAsking))
  await settings.enable()
  expect(seen).not.toContain(true)
})

test('what went wrong is said in the SDK’s own words; a refusal has a line of its own', async () => {
  const failed = {
    kind: 'failed',
    step: 'subscription',
    sentence: 'The push service did not answer.',
  } as const
  const slow = aBrowser({
    state: 'off',
    enable: () => Promise.resolve({ ...failed, code: 'subscribe_timeout' }),
  })
  await slow.settings.enable()
  expect(slow.settings.snapshot().failure).toBe('The push service did not answer.')

  const refused = aBrowser({
    state: 'blocked',
    enable: () => Promise.resolve({ ...failed, code: 'permission_denied' }),
  })
  await refused.settings.enable()
  expect(refused.settings.snapshot().failure).toBeNull()
})

test('a test that was not shown is remembered, and the next test forgets it', async () => {
  const { settings, show } = aBrowser()
  const first = settings.test('message', 0)
  await vi.advanceTimersByTimeAsync(10_000)
  await first
  expect(settings.snapshot().unshown).toEqual({ lastShownAt: device.lastShownAt })

  const second = settings.test('call', 0)
  await vi.advanceTimersByTimeAsync(100)
  show()
  await second
  expect(settings.snapshot()).toMatchObject({ unshown: null, isWorking: false })
})

test('a test that the push service refused does not blame the system', async () => {
  const { settings } = aBrowser({
    send: () =>
      Promise.resolve({
        kind: 'sent',
        results: [{ id: 'row-1', outcome: 'gone', status: 410, host: device.host }],
      }),
  })
  await settings.test('message', 0)
  expect(settings.snapshot().unshown).toBeNull()
})
