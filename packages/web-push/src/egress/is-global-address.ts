import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** IANA's IPv4 special-purpose registry (RFC 6890 and later), all that is not globally reachable. */
const SPECIAL_IPV4 = [
  '0.0.0.0/8', // this network; Linux takes it for loopback
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local: cloud metadata lives here
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
]

/** Special blocks inside 2000::/3, the only range that IANA has given out as global unicast. */
const SPECIAL_IPV6 = [
  '2001::/23', // protocol assignments: Teredo, benchmarks, ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: holds any IPv4 address
  '3fff::/20', // documentation
]

/**
 * Is this an address of the public internet? Everything that is not surely so is refused: for
 * IPv6 that is all but 2000::/3, so also `::`, `::1`, IPv4-mapped, NAT64 (64:ff9b::/96 and
 * 64:ff9b:1::/48), unique-local, link-local and multicast.
 *
 * @param address Text as a resolver gives it; anything else is not global.
 */
export type IsGlobalAddress = (address: string) => boolean

/** Compiles the ranges once. */
export function createIsGlobalAddress(): IsGlobalAddress {
  const special = listOf([...SPECIAL_IPV4, ...SPECIAL_IPV6])
  const globalUnicast = listOf(['2000::/3'])
  return (address) => {
    if (isIPv4(address)) return !special.check(address, 'ipv4')
    // A zone (`fe80::1%eth0`) only makes sense on one link.
    if (!isIPv6(address) || address.includes('%')) return false
    if (!globalUnicast.check(address, 'ipv6') || special.check(address, 'ipv6')) return false
    return !isIsatap(address)
  }
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/')
    list.addSubnet(network, Number(prefix), isIPv4(network) ? 'ipv4' : 'ipv6')
  }
  return list
}

/** RFC 5214 section 6.1: an interface id of [02]00:5efe:a.b.c.d tunnels to that IPv4 address. */
function isIsatap(address: string): boolean {
  const groups = groupsOf(address)
  return (groups[4] === 0 || groups[4] === 0x0200) && groups[5] === 0x5efe
}

/** The eight 16-bit groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  // The URL parser writes any IPv6 text in one form, with an embedded IPv4 part as hex.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const before = hexGroups(head)
  if (tail === undefined) return before
  const after = hexGroups(tail)
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0)
  return [...before, ...zeros, ...after]
}

function hexGroups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}
