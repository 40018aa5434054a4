import { ExpoPushError } from '../expo-push-error.ts'
import { setSystemTimer } from '../set-timer.ts'
import type { ExpoSenderOptions } from './sender-options.ts'

const EXPO_URL = 'https://exp.host/--/api/v2/push'
const MOST_RECEIPTS = 1000

/**
 * Fills in the defaults.
 *
 * @throws ExpoPushError `BASE_URL_INVALID`, `ACCESS_TOKEN_INVALID`, `LIMIT_INVALID`
 */
export function checkOptions(options: ExpoSenderOptions) {
  const { accessToken, fetch, now, random, setTimer = setSystemTimer } = options
  const { maxPerSecond = 500, maxParallel = 6, gatherMs = 50, receiptsPerRequest = 300 } = options
  if (accessToken !== undefined && !/^[\x21-\x7e]+$/.test(accessToken)) {
    const rule = 'accessToken must be visible ASCII without spaces'
    throw new ExpoPushError('ACCESS_TOKEN_INVALID', rule)
  }
  checkWhole('maxPerSecond', maxPerSecond, { least: 1 })
  // One place is kept for rings, so there must be another.
  checkWhole('maxParallel', maxParallel, { least: 2 })
  checkWhole('gatherMs', gatherMs, { least: 0, most: 10_000 })
  checkWhole('receiptsPerRequest', receiptsPerRequest, { least: 1, most: MOST_RECEIPTS })
  const limits = { maxPerSecond, maxParallel, gatherMs, receiptsPerRequest }
  const baseUrl = checkBaseUrl(options.baseUrl ?? EXPO_URL)
  return { baseUrl, accessToken, fetch, now, random, setTimer, ...limits }
}

function checkBaseUrl(text: string): string {
  const url = URL.parse(text)
  const isPlain = url && !url.username && !url.password && !url.search && !url.hash
  if (!isPlain || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    // Not the value itself: it may hold a password.
    const rule = 'must be an http: or https: URL without credentials, query or fragment'
    throw new ExpoPushError('BASE_URL_INVALID', `baseUrl ${rule}; /send is appended to it`)
  }
  return url.href.replace(/\/+$/, '')
}

function checkWhole(
  name: string,
  value: number,
  { least, most = Number.MAX_SAFE_INTEGER }: { readonly least: number; readonly most?: number },
): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  const range = most === Number.MAX_SAFE_INTEGER ? `>= ${least}` : `from ${least} to ${most}`
  throw new ExpoPushError('LIMIT_INVALID', `${name} must be a whole number ${range}, got ${value}`)
}
