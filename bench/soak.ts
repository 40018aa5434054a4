import { soak as runSoak, type SoakResult } from '../server/test/faults/soak.ts'
import type { Benchmark, Report } from './benchmark.ts'

/** Claim: what was answered 2xx arrives, whatever is killed, flooded or cut off. Only when asked for: it takes hours. */
export const soak: Benchmark = {
  name: 'soak',
  async run({ quick, say, flags }) {
    const size = quick ? quickSize : fullSize
    const number = (name: keyof typeof fullSize) => Number(flags.get(name) ?? size[name])
    const asked = {
      seed: Number(flags.get('seed') ?? process.env['BELFRY_SEED'] ?? Date.now() % 1_000_000),
      kills: number('kills'),
      backlog: number('backlog'),
      outageMs: number('outage-seconds') * 1000,
    }
    return reportOf(asked, await runSoak({ ...asked, say }))
  },
}

const fullSize = { kills: 200, backlog: 1_000_000, 'outage-seconds': 300 }
const quickSize = { kills: 10, backlog: 2000, 'outage-seconds': 10 }

function reportOf(
  asked: { seed: number; kills: number; backlog: number; outageMs: number },
  result: SoakResult,
): Report {
  const { violations, logFile, behindBacklog, drainedMs } = result
  const rows = [
    ['seed', String(asked.seed)],
    ['entries checked', String(result.entries)],
    ['pushes taken', String(result.pushes)],
    ['of those, copies under an id that the device had seen', String(result.copies)],
    ['pushes before the ring', String(behindBacklog.pushesBefore)],
    ['ring behind the backlog, ms', behindBacklog.ringMs.toFixed(0)],
    ['backlog drained, messages/s', ((asked.backlog / drainedMs) * 1000).toFixed(0)],
    ['most memory of one process, MiB', (result.rssBytes / 2 ** 20).toFixed(0)],
    ...violations.slice(0, 20).map(({ invariant, what }) => [invariant, what]),
  ]
  return {
    title: 'Soak',
    method: [
      `Two APIs and two workers on RabbitMQ and a MongoDB-wire server: ${asked.kills} SIGKILLs under load, one in twenty of an engine; an outage of the database of ${asked.outageMs / 1000} s under load; a call behind ${asked.backlog} chat messages. Then one checker over everything that was seen.`,
      `\`npm run bench -- soak --seed=${asked.seed} --kills=${asked.kills} --backlog=${asked.backlog} --outage-seconds=${asked.outageMs / 1000}\` runs it again. ${result.killPoints}`,
    ],
    tables: [{ columns: ['what', 'value'], rows }],
    targets: [
      {
        claim: 'none of the invariants I1 to I12 is broken',
        measured: violations.length === 0 ? 'none' : `${violations.length}, see ${logFile}`,
        isReached: violations.length === 0,
      },
    ],
  }
}
