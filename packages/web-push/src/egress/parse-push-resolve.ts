import { isIP } from 'node:net'
import { WebPushError } from '../web-push-error.ts'

/** Where to connect instead. TLS still asks for the original name. */
export interface PinnedAddress {
  readonly address: string
  readonly port: number
}

/** Keyed by `host:port`, port always written out. */
export type PushResolve = ReadonlyMap<string, PinnedAddress>

/**
 * Reads `PUSH_RESOLVE`: `host:443=127.0.0.1:8443`, a comma list, like curl's `--resolve`. For
 * development and tests, where a browser's endpoint cannot be chosen. Entries are exempt from
 * the address guard, not from the allow-list.
 *
 * @throws WebPushError `PUSH_RESOLVE_INVALID`
 */
export function parsePushResolve(text: string): PushResolve {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  return new Map(entries.map(parseEntry))
}

function parseEntry(entry: string): [string, PinnedAddress] {
  const parts = /^([^:=\s]+):(\d{1,5})=(\[[^\]]+\]|[^:\s]+):(\d{1,5})$/.exec(entry)
  const [, host = '', port, target = '', targetPort] = parts ?? []
  const address = target.replace(/^\[|\]$/g, '')
  if (!parts || isIP(address) === 0 || !isPort(Number(port)) || !isPort(Number(targetPort))) {
    throw new WebPushError(
      'PUSH_RESOLVE_INVALID',
      `PUSH_RESOLVE wants host:443=address:port, got ${JSON.stringify(entry)}`,
    )
  }
  return [`${host.toLowerCase()}:${Number(port)}`, { address, port: Number(targetPort) }]
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535
}
