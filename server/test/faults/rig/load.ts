import { setTimeout as delay } from 'node:timers/promises'
import { at } from '../../support/ask.ts'
import type { FaultRig } from './fault-rig.ts'
import { endOfRing, lookAt, message, ring, type Pair } from './people.ts'

/** People who write and call until they are told to stop. What they do comes from the run's seed. */
export interface Load {
  /** Messages that were answered 2xx so far. */
  written(): number
  /** Takes nothing new; resolves once everybody has the answer to what they asked. */
  stop(): Promise<void>
}

export interface LoadOptions {
  readonly pairs: readonly Pair[]
  /** Distinguishes several loads of one run. */
  readonly name: string
  /** From one message of a writer to their next, at most. */
  readonly pauseMs?: number
  readonly calls?: boolean
}

export function startLoad(rig: FaultRig, options: LoadOptions): Load {
  const { pairs, name, pauseMs = 60, calls = true } = options
  const running = new AbortController()
  const { signal } = running
  const pause = (ms: number) => delay(ms, null, { signal }).catch(() => null)
  let written = 0

  async function write(pair: Pair, writer: number): Promise<void> {
    for (let n = 0; !signal.aborted; n += 1) {
      const key = `${name}-w${writer}-${n}`
      const answer = await rig.client.insist(pair.one, message(pair, key, rig.canary))
      if (answer.status === 201) written += 1
      await pause(rig.random() * pauseMs)
    }
  }

  async function callAgainAndAgain(pair: Pair, caller: number): Promise<void> {
    for (let n = 0; !signal.aborted; n += 1) {
      await oneCall(rig, { pair, name: `${name}-c${caller}-${n}` }, pause)
    }
  }
  const work = pairs.flatMap((pair, index) => [
    write(pair, index),
    ...(calls ? [callAgainAndAgain(pair, index)] : []),
  ])
  // Who fails is heard of at `stop`.
  const all = Promise.all(work)
  all.catch(() => {})
  rig.onClose(async () => running.abort())
  return {
    written: () => written,
    async stop() {
      running.abort()
      await all
    },
  }
}

/** Rings; then somebody answers, declines or gives up, or nobody does anything. */
async function oneCall(
  { client, random }: FaultRig,
  { pair, name }: { pair: Pair; name: string },
  pause: (ms: number) => Promise<unknown>,
): Promise<void> {
  const answer = await client.insist(pair.one, ring(pair, name))
  const sessionId = String(at(answer.body, 'sessionId'))
  await pause(random() * 1500)
  const chance = random()
  if (chance < 0.25) await client.insist(pair.other, endOfRing(sessionId, 'accept'))
  else if (chance < 0.45) await client.insist(pair.other, endOfRing(sessionId, 'decline'))
  else if (chance < 0.65) await client.insist(pair.one, endOfRing(sessionId, 'cancel'))
  await client.insist(pair.one, lookAt(sessionId))
  await pause(random() * 500)
  await client.insist(pair.one, lookAt(sessionId))
}
