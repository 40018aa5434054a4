import type { Phone } from './phone.ts'
import type { PushData } from './push-data.ts'

/** Tells the server what became of a push. A failure is left at that: it is proof, not delivery. */
export async function sendReceipt(
  phone: Phone,
  data: PushData,
  event: 'shown' | 'clicked',
): Promise<void> {
  if (data.receipt === '') return
  await phone.post('/api/push-receipts', { receipt: data.receipt, event })
}
