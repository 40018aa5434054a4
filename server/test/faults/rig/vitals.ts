import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

/** What the system knows of a process. */
export interface Vitals {
  readonly rssBytes: number
  readonly openFiles: number
  /** `address:port` of its connections, but for those made to `ownPort`. IPv4. */
  readonly remotes: readonly string[]
}

/** Null when it is gone, or the system has no /proc. */
export function readVitals(pid: number, ownPort: number): Vitals | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const rssKb = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0)
    const files = readdirSync(`/proc/${pid}/fd`)
    const sockets = new Set(files.flatMap((fd) => inodeOf(`/proc/${pid}/fd/${fd}`)))
    const remotes = connections(pid)
      .filter(({ inode, localPort }) => sockets.has(inode) && localPort !== ownPort)
      .map(({ remote }) => remote)
    return {
      rssBytes: rssKb * 1024,
      openFiles: files.length,
      remotes: [...new Set(remotes)],
    }
  } catch {
    return null // It ended while we looked.
  }
}

function inodeOf(path: string): string[] {
  try {
    const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1]
    return inode === undefined ? [] : [inode]
  } catch {
    return [] // Closed between the two calls.
  }
}

const listening = '0A'

/** proc(5): `sl local_address rem_address st … uid timeout inode`, addresses in hexadecimal, bytes reversed. */
function connections(pid: number): Array<{ inode: string; localPort: number; remote: string }> {
  const lines = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').slice(1)
  return lines.flatMap((line) => {
    const [, local = '', remote = '', state, , , , , , inode] = line.trim().split(/\s+/)
    if (inode === undefined || state === listening) return []
    const [, port = ''] = local.split(':')
    return [{ inode, localPort: Number.parseInt(port, 16), remote: readable(remote) }]
  })
}

function readable(address: string): string {
  const [host = '', port = ''] = address.split(':')
  const bytes = host.match(/../g)?.toReversed() ?? []
  return `${bytes.map((byte) => Number.parseInt(byte, 16)).join('.')}:${Number.parseInt(port, 16)}`
}
