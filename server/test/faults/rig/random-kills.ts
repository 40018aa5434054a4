import { setTimeout as delay } from 'node:timers/promises'
import type { FaultRig } from './fault-rig.ts'
import { startLoad } from './load.ts'
import type { Pair } from './people.ts'
import { until } from './until.ts'

export interface RandomKillsOptions {
  readonly kills: number
  readonly pairs: readonly Pair[]
  /** One kill in so many is RabbitMQ's or MongoDB's, in turn. 0: none. */
  readonly enginesEvery: number
  readonly say?: (line: string) => void
}

/** SIGKILLs any process at a random moment of the work on messages and calls, and starts it again; so many times. */
export async function killAtRandom(rig: FaultRig, options: RandomKillsOptions): Promise<void> {
  const { kills, pairs, enginesEvery, say = () => {} } = options
  const nodes = [...rig.apis, ...rig.workers]
  const load = startLoad(rig, { name: 'random', pairs })
  for (let kill = 1; kill <= kills; kill += 1) {
    // Not before some more were written, then at a random moment of the work on them.
    const before = load.written()
    await until('more was written', () => load.written() > before + 3)
    await delay(rig.random() * 100)
    if (enginesEvery > 0 && kill % enginesEvery === 0) await killEngine(rig, kill / enginesEvery)
    else await nodes[Math.floor(rig.random() * nodes.length)]?.killAndRestart()
    if (kill % 10 === 0) say(`${kill} of ${kills} kills, ${load.written()} messages`)
  }
  await load.stop()
}

async function killEngine(rig: FaultRig, turn: number): Promise<void> {
  if (turn % 2 === 0) {
    await rig.fault(`database server killed, time ${turn}`, async () => {
      if (!(await rig.wireServer.killAndRestart())) rig.storeLine.cut()
    })
    return
  }
  await rig.fault(`broker killed, time ${turn}`, async () => {
    await rig.rabbitMq.kill()
    await rig.rabbitMq.restart()
  })
}
