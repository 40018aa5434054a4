import { describe, test } from 'vitest'
import type { BrokerCases, BrokerLab } from './conformance/broker-lab.ts'
import { consumerCases } from './conformance/consumers.ts'
import { deadCases } from './conformance/dead.ts'
import { publishCases } from './conformance/publishing.ts'
import { verdictCases } from './conformance/verdicts.ts'
import { wholeBrokerCases } from './conformance/whole-broker.ts'

export { warningLog, type BrokerLab } from './conformance/broker-lab.ts'

const parts: Readonly<Record<string, BrokerCases>> = {
  publishing: publishCases,
  consumers: consumerCases,
  verdicts: verdictCases,
  'the dead': deadCases,
  'the whole': wholeBrokerCases,
}

/**
 * Every MUST of `port.ts`, as sentences. `open` gives a broker with empty queues; each sentence has one of its own.
 * Delivery is at least once: no sentence minds a duplicate, unless it is about them.
 */
export function brokerConformance(name: string, open: () => Promise<BrokerLab>): void {
  describe(`${name} as a broker`, () => {
    for (const [part, cases] of Object.entries(parts)) {
      describe(part, () => {
        for (const [sentence, prove] of Object.entries(cases)) {
          test(sentence, { timeout: 30_000 }, async () => {
            const lab = await open()
            try {
              await prove(lab)
            } finally {
              await lab.dispose()
            }
          })
        }
      })
    }
  })
}
