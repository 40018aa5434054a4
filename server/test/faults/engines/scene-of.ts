import { message, type Pair } from '../rig/people.ts'
import { until } from '../rig/until.ts'
import type { Run } from './run-of.ts'

/** What the tests of one run have in common. */
export interface Scene {
  /** Two people with so many devices each (2); the same two for the same name. */
  pairOf(name: string, devicesEach?: number): Promise<Pair>
  /** Never the same twice. */
  nextKey(): string
  /** Writes until somebody says 2xx. The message's key. */
  send(pair: Pair): Promise<string>
  /** Resolves once all of the second one's devices were sent it. */
  arrives(pair: Pair, type: string, subject: string): Promise<void>
}

export function sceneOf(run: Run): Scene {
  const pairs = new Map<string, Promise<Pair>>()
  let keys = 0
  const nextKey = () => `k${(keys += 1)}`
  return {
    nextKey,
    pairOf(name, devicesEach = 2) {
      const pair = pairs.get(name) ?? run.rig.people.pair(name, devicesEach)
      pairs.set(name, pair)
      return pair
    },
    async send(pair) {
      const key = nextKey()
      await run.rig.client.insist(pair.one, message(pair, key, run.rig.canary))
      return key
    },
    arrives: (pair, type, subject) =>
      until(`${type} ${subject} arrives`, () => {
        const { people, devices } = run.rig
        return people.devicesOf(pair.other).every((device) => devices.has(device, type, subject))
      }),
  }
}
