import { originOf } from './origin.ts'

/** What a person typed for the server's address. */
export type AddressReading =
  | { readonly kind: 'address'; readonly origin: string }
  | { readonly kind: 'wrong'; readonly reason: 'empty' | 'not_an_address' | 'not_https' }

export interface AddressRules {
  /** Development builds: plain http to this machine or the private network, to test against. */
  readonly allowsPrivateHttp: boolean
}

/** Takes a name without a scheme as https. A path is dropped: people copy the page they see. */
export function readAddress(text: string, { allowsPrivateHttp }: AddressRules): AddressReading {
  const typed = text.trim()
  if (typed === '') return { kind: 'wrong', reason: 'empty' }
  const address = typed.includes('://') ? typed : `https://${typed}`
  const origin = /[\s@\\]/.test(typed) ? undefined : originOf(address)
  if (origin === undefined || !isHost(hostOf(origin))) {
    return { kind: 'wrong', reason: 'not_an_address' }
  }
  const isAllowed =
    origin.startsWith('https://') || (allowsPrivateHttp && isPrivateHost(hostOf(origin)))
  return isAllowed ? { kind: 'address', origin } : { kind: 'wrong', reason: 'not_https' }
}

function hostOf(origin: string): string {
  return origin.replace(/^https?:\/\//, '').replace(/:\d+$/, '')
}

function isHost(host: string): boolean {
  return /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(host) || /^\[[0-9a-f:.]+\]$/.test(host)
}

/** This machine, RFC 1918, link-local, unique local, and names of the local network (RFC 6762). */
function isPrivateHost(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost') || host.endsWith('.local')) return true
  if (host === '[::1]' || /^\[f[cd][0-9a-f]{2}:/.test(host) || /^\[fe[89ab][0-9a-f]:/.test(host)) {
    return true
  }
  const parts = /^(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}$/.exec(host)
  if (parts === null) return false
  const [first, second] = [Number(parts[1]), Number(parts[2])]
  return (
    first === 127 ||
    first === 10 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254)
  )
}
