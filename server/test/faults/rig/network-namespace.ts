import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** A machine of its own, as far as the network goes: what runs in it reaches us by one cable. */
export interface NetworkNamespace {
  /** Our end of the cable. */
  readonly address: string
  /** Before a command: runs it in there. */
  readonly prefix: readonly string[]
  /** The cable is pulled: packets of both directions vanish, and nobody is told. */
  pull(): Promise<void>
  plug(): Promise<void>
  remove(): Promise<void>
}

const run = promisify(execFile)

/** Null where the kernel, or who we are, does not allow it. Needs Linux, root and iproute2. */
export async function createNetworkNamespace(): Promise<NetworkNamespace | null> {
  const id = process.pid % 60_000
  const [name, ours, theirs] = [`belfry-${id}`, `bf${id}a`, `bf${id}b`]
  // 198.18.0.0/15 is for tests of networks (RFC 2544), and no address of anybody's.
  const subnet = `198.18.${id % 256}`
  const address = `${subnet}.1`
  const ip = (...args: readonly string[]) => run('ip', args)
  const remove = async () => {
    // Deleting the namespace deletes its end, and with that ours.
    await ip('netns', 'del', name).catch(() => {})
    await ip('link', 'del', ours).catch(() => {})
  }
  try {
    await ip('netns', 'add', name)
    await ip('link', 'add', ours, 'type', 'veth', 'peer', 'name', theirs, 'netns', name)
    await ip('addr', 'add', `${address}/24`, 'dev', ours)
    await ip('link', 'set', ours, 'up')
    await ip('-n', name, 'addr', 'add', `${subnet}.2/24`, 'dev', theirs)
    await ip('-n', name, 'link', 'set', theirs, 'up')
    await ip('-n', name, 'link', 'set', 'lo', 'up')
  } catch {
    await remove() // The caller does without.
    return null
  }
  return {
    address,
    prefix: ['ip', 'netns', 'exec', name],
    async pull() {
      await ip('link', 'set', ours, 'down')
    },
    async plug() {
      await ip('link', 'set', ours, 'up')
    },
    remove,
  }
}
