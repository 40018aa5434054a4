import { describe, test } from 'vitest'
import { callCases } from './conformance/calls.ts'
import { conversationCases } from './conformance/conversations.ts'
import { deliveryCases } from './conformance/deliveries.ts'
import { deliveryClaimCases } from './conformance/delivery-claims.ts'
import { deviceCases } from './conformance/devices.ts'
import { expoTicketCases } from './conformance/expo-tickets.ts'
import { messageCases } from './conformance/messages.ts'
import { outboxCases } from './conformance/outbox.ts'
import { peopleCases } from './conformance/people.ts'
import { preferenceCases } from './conformance/preferences.ts'
import { sessionCases } from './conformance/sessions.ts'
import type { StoreCases, StoreLab } from './conformance/store-lab.ts'
import { wholeStoreCases } from './conformance/whole-store.ts'

export type { StoreLab } from './conformance/store-lab.ts'

const nouns: Readonly<Record<string, StoreCases>> = {
  people: peopleCases,
  sessions: sessionCases,
  conversations: conversationCases,
  messages: messageCases,
  calls: callCases,
  devices: deviceCases,
  preferences: preferenceCases,
  'deliveries: claims': deliveryClaimCases,
  'deliveries: what became of them': deliveryCases,
  'tickets of Expo': expoTicketCases,
  outbox: outboxCases,
  'the whole': wholeStoreCases,
}

/**
 * Every MUST of `port.ts`, as sentences. `open` gives an empty store; each sentence has one of its own.
 * Races are 50 callers at once; they are about the answers as much as about what is stored.
 */
export function storeConformance(name: string, open: () => Promise<StoreLab>): void {
  describe(`${name} as a store`, () => {
    for (const [noun, cases] of Object.entries(nouns)) {
      describe(noun, () => {
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
