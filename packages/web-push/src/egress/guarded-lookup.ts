import type { LookupFunction } from 'node:net'
import { callbackify } from 'node:util'
import { addressForbidden } from './address-forbidden.ts'
import type { IsGlobalAddress } from './is-global-address.ts'
import type { Resolver } from './resolver.ts'

/**
 * A `lookup` for `net.connect` that resolves all addresses of a name, refuses the name when any
 * one is not public, and hands the socket those same addresses. There is no second lookup for
 * an attacker's DNS to answer differently (rebinding).
 *
 * `net.connect` does not call it for IP literals: check those before.
 */
export function createGuardedLookup(resolver: Resolver, isGlobal: IsGlobalAddress): LookupFunction {
  const resolveChecked = callbackify(async (hostname: string, family: number) => {
    const addresses = await resolver(hostname)
    if (!addresses.every(({ address }) => isGlobal(address))) throw addressForbidden(hostname)
    const usable = addresses.filter((entry) => family === 0 || entry.family === family)
    if (usable.length === 0) throw notFound(hostname)
    return usable
  })
  return (hostname, options, callback) => {
    resolveChecked(hostname, familyOf(options.family), (error, addresses) => {
      const first = addresses?.[0]
      if (!first) callback(error, [])
      else if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`No address found for ${hostname}`), { code: 'ENOTFOUND' })
}

function familyOf(family: number | 'IPv4' | 'IPv6' | undefined): number {
  if (family === 'IPv4') return 4
  if (family === 'IPv6') return 6
  return family ?? 0
}
