import { isIP } from 'node:net'
import type { AllowedHosts, HostStanding } from './allowed-hosts.ts'
import type { EndpointErrorCode } from './parsed-subscription.ts'

const LONGEST_ENDPOINT = 2048

export type EndpointCheck =
  | { readonly ok: true; readonly url: URL }
  | { readonly ok: false; readonly code: EndpointErrorCode; readonly message: string }

/**
 * Checks everything that can be known of an endpoint without DNS. Judge and store the
 * normalised `url.href`, never the text: the URL parser turns `https://2130706433/`, `0x7f.1`,
 * full-width digits and tabs inside the name into another host than a reader sees.
 */
export function checkEndpoint(endpoint: unknown, allowedHosts: AllowedHosts): EndpointCheck {
  if (typeof endpoint !== 'string' || endpoint === '') {
    return refuse('ENDPOINT_MISSING', 'endpoint must be a URL')
  }
  if (endpoint.length > LONGEST_ENDPOINT) return tooLong()
  const url = URL.parse(endpoint)
  if (!url) return refuse('ENDPOINT_INVALID', 'endpoint must be a URL')
  if (url.href.length > LONGEST_ENDPOINT) return tooLong()
  const standing = allowedHosts.standingOf(url.hostname, portOf(url))
  const failed = RULES.find((rule) => rule.isBroken({ url, endpoint, standing }))
  return failed ? refuse(failed.code, failed.say(url)) : { ok: true, url }
}

interface Judged {
  readonly url: URL
  readonly endpoint: string
  readonly standing: HostStanding
}

interface Rule {
  readonly code: EndpointErrorCode
  isBroken(judged: Judged): boolean
  say(url: URL): string
}

const isOperators = ({ url, standing }: Judged) =>
  standing === 'operator' && (url.protocol === 'https:' || url.protocol === 'http:')

/** In order: the first broken rule is reported. */
const RULES: readonly Rule[] = [
  {
    code: 'ENDPOINT_NOT_HTTPS',
    isBroken: (judged) => judged.url.protocol !== 'https:' && !isOperators(judged),
    say: (url) => `endpoint must be https, got ${url.protocol}`,
  },
  {
    code: 'ENDPOINT_HAS_CREDENTIALS',
    isBroken: ({ url }) => url.username !== '' || url.password !== '',
    say: () => 'endpoint must not hold a user name or password',
  },
  {
    code: 'ENDPOINT_HAS_FRAGMENT',
    isBroken: ({ endpoint }) => endpoint.includes('#'),
    say: () => 'endpoint must not hold a fragment',
  },
  {
    code: 'ENDPOINT_HOST_IS_ADDRESS',
    isBroken: (judged) => isLiteral(judged.url.hostname) && !isOperators(judged),
    say: () => 'endpoint must name a host, not an IP address',
  },
  {
    code: 'ENDPOINT_HOST_INVALID',
    isBroken: (judged) => !isFullName(judged.url.hostname) && !isOperators(judged),
    say: (url) =>
      `endpoint must name a full host with a dot and no trailing dot, got ${url.hostname}`,
  },
  {
    code: 'ENDPOINT_PORT_FORBIDDEN',
    isBroken: (judged) => judged.url.port !== '' && !isOperators(judged),
    say: (url) => `endpoint must use port 443, got ${url.port}; an operator can allow ${url.host}`,
  },
  {
    code: 'ENDPOINT_HOST_FORBIDDEN',
    isBroken: ({ standing }) => standing === 'forbidden',
    say: (url) => `${url.hostname} is not a known push service; an operator can allow it`,
  },
]

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'http:' ? 80 : 443
}

function isLiteral(hostname: string): boolean {
  return hostname.startsWith('[') || isIP(hostname) !== 0
}

function isFullName(hostname: string): boolean {
  return hostname.includes('.') && !hostname.endsWith('.')
}

function tooLong(): EndpointCheck {
  return refuse('ENDPOINT_TOO_LONG', `endpoint must be at most ${LONGEST_ENDPOINT} characters`)
}

function refuse(code: EndpointErrorCode, message: string): EndpointCheck {
  return { ok: false, code, message }
}
