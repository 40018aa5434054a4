import type { DeliveryFailure } from './delivery-errors.ts'
import { failureJson } from './delivery-errors.ts'

/** Expo forgets receipts after a day. */
const keptForMs = 24 * 60 * 60 * 1000

/** What a receipt will say, and from when. */
export interface Receipt {
  readonly token: string
  readonly failure: DeliveryFailure | undefined
  readonly acceptedAt: number
  /** Milliseconds since the epoch; `Infinity`: never. */
  readonly readyAt: number
}

/** The receipts of a day, by ticket id. */
export interface Receipts {
  add(ticketId: string, receipt: Receipt): void
  /** The JSON of those that are ready and not yet forgotten. An id that is missing is not ready or unknown. */
  ask(ids: readonly string[], now: number): Record<string, ReceiptJson>
}

export type ReceiptJson = { readonly status: 'ok' } | ReturnType<typeof failureJson>

export function createReceipts(): Receipts {
  const kept = new Map<string, Receipt>()
  const forgetOld = (now: number) => {
    for (const [id, { acceptedAt }] of kept) {
      // In order of acceptance: the rest is younger.
      if (acceptedAt + keptForMs > now) return
      kept.delete(id)
    }
  }
  return {
    add(ticketId, receipt) {
      forgetOld(receipt.acceptedAt)
      kept.set(ticketId, receipt)
    },
    ask(ids, now) {
      forgetOld(now)
      const answers: Record<string, ReceiptJson> = {}
      for (const id of ids) {
        const receipt = kept.get(id)
        if (receipt !== undefined && receipt.readyAt <= now) answers[id] = receiptJson(receipt)
      }
      return answers
    },
  }
}

function receiptJson({ failure, token }: Receipt): ReceiptJson {
  return failure === undefined ? { status: 'ok' } : failureJson(failure, token)
}
