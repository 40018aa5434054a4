import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { missingServer, serverUrl } from '../../mongodb/database.ts'
import { whyNoRabbitMq } from '../../rabbitmq/start-rabbitmq.ts'
import { chooseSeed, startFaultRig, type FaultRig, type FaultRigOptions } from '../rig/fault-rig.ts'
import { killPoints } from '../rig/kill-points.ts'

/** Why these tests cannot run here; null when they can. */
export const missing = whyNoRabbitMq() ?? (serverUrl === null ? missingServer : null)

/** The one running rig of a test file: its tests are one timeline, and are judged once, at its end. */
export interface Run {
  readonly rig: FaultRig
  /** For the last test of the file. */
  expectNoViolation(options?: { quietWithinMs: number }): Promise<void>
}

/** Call it inside `describe`: starts before its tests, ends after them, and prints its seed. */
export function runOf(
  name: string,
  options: () => Omit<FaultRigOptions, 'name' | 'seed'> = () => ({}),
): Run {
  const seed = chooseSeed()
  const rigs: FaultRig[] = []
  beforeAll(async () => {
    console.log(`faults: ${name}: BELFRY_SEED=${seed}`)
    rigs.push(await startFaultRig({ ...options(), name, seed }))
  }, 120_000)
  let failed = false
  afterEach(({ task }) => {
    failed ||= task.result?.state === 'fail'
  })
  afterAll(async () => {
    for (const rig of rigs) {
      await rig.close()
      if (!failed) continue
      const logFile = join(tmpdir(), `belfry-faults-${name}-${seed}.jsonl`)
      rig.recorder.save(logFile)
      console.log(`faults: ${name}: BELFRY_SEED=${seed} failed; what was seen is in ${logFile}`)
    }
  }, 60_000)
  return {
    get rig() {
      const [rig] = rigs
      if (rig === undefined) throw new Error('not started yet')
      return rig
    },
    async expectNoViolation(options) {
      const [rig] = rigs
      if (rig === undefined) throw new Error('not started')
      const { violations, logFile } = await rig.finish(options)
      console.log(`faults: ${name}: BELFRY_SEED=${seed}; ${killPoints(rig.recorder.entries)}`)
      const where = `BELFRY_SEED=${seed} runs it again; its log is in ${logFile}`
      expect(violations, where).toEqual([])
    },
  }
}
