import { setTimeout as delay } from 'node:timers/promises'
import { callBehindBacklog, untilPushed, type BehindBacklog } from './rig/backlog.ts'
import { startFaultRig, type FaultRig, type Verdict } from './rig/fault-rig.ts'
import { killPoints } from './rig/kill-points.ts'
import { startLoad } from './rig/load.ts'
import { killAtRandom } from './rig/random-kills.ts'

/** How long and how large. */
export interface SoakOptions {
  /** Of all that is random. */
  readonly seed: number
  /** SIGKILLs over all processes, one in twenty of RabbitMQ's or MongoDB's. */
  readonly kills: number
  /** Chat messages that wait when a call comes. */
  readonly backlog: number
  /** Of the database, milliseconds. */
  readonly outageMs: number
  readonly say: (line: string) => void
}

export interface SoakResult extends Verdict {
  readonly seed: number
  /** What died when. */
  readonly killPoints: string
  /** Entries of the log that was checked. */
  readonly entries: number
  readonly pushes: number
  /** Pushes that came again under an id that the device had seen. */
  readonly copies: number
  readonly behindBacklog: BehindBacklog
  readonly drainedMs: number
  /** The most that any process held. */
  readonly rssBytes: number
}

/** A backlog drains at what the database does; after so long without an end it is a failure. */
const drainMsPerMessage = 100
const leastDrainMs = 120_000

/**
 * Two APIs and two workers on RabbitMQ and MongoDB, killed, flooded and cut off at full size; then everything that
 * was seen is checked against the invariants. `BELFRY_SEED` runs one again.
 */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { seed, say } = options
  say(`BELFRY_SEED=${seed}`)
  const rig = await startFaultRig({
    name: 'soak',
    seed,
    limits: { logBytes: 2 ** 31, rssBytes: 2 ** 30 },
    // A line for each of a million messages is a log that nobody reads.
    environment: { LOG_LEVEL: 'warn' },
  })
  try {
    return await run(rig, options)
  } finally {
    await rig.close()
  }
}

async function run(rig: FaultRig, options: SoakOptions): Promise<SoakResult> {
  const { kills, backlog: size, outageMs, say } = options
  const names = ['one', 'two', 'three', 'four']
  const pairs = await Promise.all(names.map((name) => rig.people.pair(name, 2)))
  await killAtRandom(rig, { kills, pairs, enginesEvery: 20, say })

  say(`outage of ${outageMs / 1000} s`)
  const load = startLoad(rig, { name: 'outage', pairs })
  await rig.fault('database outage', async () => {
    await rig.storeLine.down()
    await delay(outageMs)
    await rig.storeLine.up()
  })
  await load.stop()

  say(`backlog of ${size} messages`)
  const people = Array.from({ length: 50 }, (_, n) => rig.people.pair(`crowd-${n}`, 1))
  const crowd = await Promise.all(people)
  const caller = await rig.people.pair('caller', 2)
  const backlog = { size, crowd, muted: 0, alone: 0 }
  const behindBacklog = await callBehindBacklog(rig, backlog, caller)
  say(`it rang after ${behindBacklog.pushesBefore} pushes; draining`)
  const beganMs = performance.now()
  const withinMs = Math.max(leastDrainMs, size * drainMsPerMessage)
  await untilPushed(rig, backlog, withinMs)
  const drainedMs = performance.now() - beganMs

  say('waiting until it is quiet')
  const verdict = await rig.finish({ quietWithinMs: 15 * 60_000 })
  return { ...verdict, ...figures(rig), seed: rig.seed, behindBacklog, drainedMs }
}

function figures({
  recorder,
}: FaultRig): Pick<SoakResult, 'killPoints' | 'entries' | 'pushes' | 'copies' | 'rssBytes'> {
  const { entries } = recorder
  const seen = new Set<string>()
  let [pushes, copies, rssBytes] = [0, 0, 0]
  for (const entry of entries) {
    if (entry.kind === 'vitals') rssBytes = Math.max(rssBytes, entry.rssBytes)
    if (entry.kind !== 'push' || entry.status !== 201 || entry.message === null) continue
    pushes += 1
    if (seen.has(entry.message.deliveryId)) copies += 1
    seen.add(entry.message.deliveryId)
  }
  return { killPoints: killPoints(entries), entries: entries.length, pushes, copies, rssBytes }
}
