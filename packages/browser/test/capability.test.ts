import { expect, test } from 'vitest'
import { createBelfry, detectBrowser } from '../src/index.ts'
import {
  chrome,
  fakeBrowser,
  firefox,
  ipad,
  iphone,
  type FakeBrowserOptions,
} from './fake-browser.ts'

function capability(options: FakeBrowserOptions) {
  const { environment } = fakeBrowser(options)
  return createBelfry({ environment, getToken: () => 'jwt' }).capability()
}

test.each<[string, FakeBrowserOptions]>([
  ['not_asked', {}],
  ['blocked', { permission: 'denied' }],
  ['off', { permission: 'granted' }],
  ['insecure', { environment: { isSecureContext: false } }],
  ['private_window', { environment: { userAgent: firefox, workers: null } }],
  ['unsupported', { environment: { userAgent: chrome, workers: null } }],
  ['unsupported', { environment: { hasPushManager: false } }],
  ['unsupported', { environment: { notifications: null } }],
  ['needs_install', { environment: { userAgent: iphone, notifications: null } }],
  ['needs_install', { environment: { userAgent: ipad, maxTouchPoints: 5 } }],
  ['not_asked', { environment: { userAgent: iphone, isStandalone: true } }],
  ['not_asked', { environment: { userAgent: ipad, maxTouchPoints: 0 } }],
])('%s', async (state, options) => {
  expect(await capability(options)).toMatchObject({ state })
})

test('what cannot be helped by a click comes with a sentence', async () => {
  const { detail, browser } = await capability({ environment: { isSecureContext: false } })
  expect(detail).toMatch(/https/)
  expect(browser).toEqual({ name: 'Firefox', os: 'Linux', mobile: false, label: 'Firefox, Linux' })
})

test.each<[string, number, string, boolean]>([
  [firefox, 0, 'Firefox, Linux', false],
  [chrome, 0, 'Chrome, Linux', false],
  [iphone, 5, 'Safari, iOS', true],
  [ipad, 5, 'Safari, iPadOS', true],
  [ipad, 0, 'Safari, macOS', false],
  [`${chrome} Edg/156.0.0.0`, 0, 'Edge, Linux', false],
  [`${chrome} OPR/120.0.0.0`, 0, 'Opera, Linux', false],
  [
    'Mozilla/5.0 (Android 15; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0',
    5,
    'Firefox, Android',
    true,
  ],
  [
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
    5,
    'Samsung Internet, Android',
    true,
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
    10,
    'Chrome, Windows',
    false,
  ],
  [chrome.replace('Chrome', 'HeadlessChrome'), 0, 'Chrome, Linux', false],
  ['', 0, 'Browser', false],
])('%s (touch points: %d) is %s', (...[userAgent, maxTouchPoints, label, mobile]) => {
  expect(detectBrowser({ userAgent, maxTouchPoints, isBrave: false })).toMatchObject({
    label,
    mobile,
  })
})
