import { isIP } from 'node:net'
import { WebPushError } from '../web-push-error.ts'

/**
 * The push services of the browsers (August 2026). `jmt17.google.com` is what Chromium without
 * Google's API key uses; `android.googleapis.com` (GCM) was shut down and is left out.
 */
const PUSH_SERVICES = [
  'fcm.googleapis.com',
  'jmt17.google.com',
  'updates.push.services.mozilla.com',
  '*.push.services.mozilla.com',
  '*.push.apple.com',
  '*.notify.windows.com',
]

/** What a host may do: nothing, be a public push service, or whatever the operator named. */
export type HostStanding =
  | 'forbidden'
  /** https, port 443, public addresses only. */
  | 'public'
  /** Named with its port by the operator: plain http and private addresses are allowed too. */
  | 'operator'

/** Which hosts we will ever send to. Made once by `createAllowedHosts`. */
export interface AllowedHosts {
  /**
   * @param hostname As `URL.hostname` gives it.
   * @param port As a number, 443 or 80 when the URL has none.
   */
  standingOf(hostname: string, port: number): HostStanding
}

/**
 * Reads the allow-list: the browsers' push services and what the operator adds.
 *
 * @param extra `host` or `host:port`, each also as `*.host`. Only an entry with an explicit port
 *   may be plain http, a private address or an IP literal.
 * @throws WebPushError `ALLOWED_HOST_INVALID`
 */
export function createAllowedHosts(extra: readonly string[] = []): AllowedHosts {
  const entries = [...PUSH_SERVICES, ...extra].map(parseEntry)
  return {
    standingOf(hostname, port) {
      const matching = entries.filter((entry) => entry.matches(hostname))
      if (matching.some((entry) => entry.port === port)) return 'operator'
      if (port === 443 && matching.some((entry) => entry.port === undefined)) return 'public'
      return 'forbidden'
    },
  }
}

interface Entry {
  readonly port: number | undefined
  matches(hostname: string): boolean
}

function parseEntry(text: string): Entry {
  const [, star = '', host = '', portText] =
    /^(\*\.)?(\[[^\]]+\]|[^:/@?#\s]+)(?::(\d{1,5}))?$/.exec(text) ?? []
  const url = `https://${host}/`
  if (host === '' || !URL.canParse(url)) throw invalid(text, 'write host or host:port')
  const { hostname } = new URL(url)
  const port = portText === undefined ? undefined : Number(portText)
  if (port !== undefined && (port < 1 || port > 65_535)) throw invalid(text, 'a port is 1 to 65535')
  const isLiteral = hostname.startsWith('[') || isIP(hostname) !== 0
  if (isLiteral && (port === undefined || star !== ''))
    throw invalid(text, 'an address needs its port')
  if (port === undefined && !hostname.includes('.'))
    throw invalid(text, 'a name without a dot needs its port')
  return {
    port,
    matches: star === '' ? (name) => name === hostname : (name) => name.endsWith(`.${hostname}`),
  }
}

function invalid(text: string, why: string): WebPushError {
  return new WebPushError(
    'ALLOWED_HOST_INVALID',
    `Cannot allow push host ${JSON.stringify(text)}: ${why}`,
  )
}
