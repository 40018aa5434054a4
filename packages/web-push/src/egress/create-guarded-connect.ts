import { isIP, isIPv6, Socket, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import type { AllowedHosts } from '../subscription/allowed-hosts.ts'
import { addressForbidden } from './address-forbidden.ts'
import { EgressError } from './egress-error.ts'
import { createGuardedLookup } from './guarded-lookup.ts'
import { createIsGlobalAddress } from './is-global-address.ts'
import type { PinnedAddress, PushResolve } from './parse-push-resolve.ts'
import type { Resolver } from './resolver.ts'
import { systemResolver } from './system-resolver.ts'

/** How connections leave this machine. */
export interface EgressOptions {
  readonly allowedHosts: AllowedHosts
  /** From `parsePushResolve`. */
  readonly pushResolve?: PushResolve
  /** Default: the machine's own. */
  readonly resolver?: Resolver
  /** PEM of a certificate authority to trust instead of the usual ones; for tests and private push services. */
  readonly ca?: string
  /** Default 5,000; covers DNS, TCP and TLS. */
  readonly connectTimeoutMs?: number
}

/** The only place where a socket is opened. */
export interface GuardedConnect {
  /** For undici's `connect` option. */
  readonly connect: buildConnector.connector
  /** Ends the connections that are still being made: undici forgets those when it is destroyed. */
  close(): void
}

/**
 * Opens sockets for undici. Whatever an endpoint says, a connection goes to an allow-listed host,
 * on port 443, at an address that is public and is the very address that was checked. Exempt are
 * the operator's own `host:port` entries, and those of `pushResolve`.
 */
export function createGuardedConnect(options: EgressOptions): GuardedConnect {
  const { allowedHosts, pushResolve, resolver = systemResolver } = options
  const isGlobal = createIsGlobalAddress()
  const connectPublic = connectorWith(options, createGuardedLookup(resolver, isGlobal))
  const connectOperator = connectorWith(
    options,
    createGuardedLookup(resolver, () => true),
  )
  const connecting = new Set<Socket>()

  const open: Open = (connector, target, callback) => {
    // undici's type hides it, but the connector returns the socket.
    const socket: unknown = connector(target, (...result) => {
      if (socket instanceof Socket) connecting.delete(socket)
      callback(...result)
    })
    if (socket instanceof Socket) connecting.add(socket)
  }

  return {
    connect(target, callback) {
      const port = portOf(target)
      // undici hands IPv6 literals on without the brackets that they have in a URL.
      const { hostname } = target
      const standing = allowedHosts.standingOf(isIPv6(hostname) ? `[${hostname}]` : hostname, port)
      const pinned = pushResolve?.get(`${hostname}:${port}`)
      if (standing === 'forbidden' || (standing === 'public' && target.protocol !== 'https:')) {
        callback(hostForbidden(hostname, port), null)
      } else if (pinned) {
        open(connectOperator, pinTo(pinned, target), callback)
      } else if (standing === 'operator') {
        open(connectOperator, target, callback)
      } else if (isIP(hostname) !== 0 && !isGlobal(hostname)) {
        callback(addressForbidden(hostname), null)
      } else {
        open(connectPublic, target, callback)
      }
    },
    close() {
      for (const socket of connecting) socket.destroy(new Error('the sender was closed'))
    },
  }
}

type Open = (
  connector: buildConnector.connector,
  target: buildConnector.Options,
  callback: buildConnector.Callback,
) => void

function connectorWith(
  { ca, connectTimeoutMs = 5000 }: EgressOptions,
  lookup: LookupFunction,
): buildConnector.connector {
  return buildConnector({
    lookup,
    timeout: connectTimeoutMs,
    minVersion: 'TLSv1.2',
    // undici 8 offers HTTP/2 unless told not to; its pooled HTTP/1.1 costs 20 % less CPU a push.
    allowH2: false,
    ...(ca === undefined ? {} : { ca }),
  })
}

/** Another address and port, but TLS still asks for, and checks, the original name. */
function pinTo({ address, port }: PinnedAddress, target: buildConnector.Options) {
  return { ...target, hostname: address, port: String(port), servername: target.hostname }
}

function portOf({ port, protocol }: buildConnector.Options): number {
  if (port !== '') return Number(port)
  return protocol === 'http:' ? 80 : 443
}

function hostForbidden(host: string, port: number): EgressError {
  return new EgressError(
    'HOST_FORBIDDEN',
    host,
    `${host}:${port} is not an allowed push host; not connecting`,
  )
}
