import type { PushReceiptBody } from '@belfry/contracts'
import { within } from './within.ts'
import type { HttpAnswer, WorkerEnvironment } from './worker-environment.ts'

/** One JSON request without a session: the worker has none, its bodies carry capabilities. */
export async function post(
  environment: WorkerEnvironment,
  path: string,
  body: object,
): Promise<HttpAnswer> {
  return environment.fetch(`${environment.apiBase}/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    // Outlives the worker, which may be stopped once its event is settled.
    keepalive: true,
  })
}

/** Longest that an event of the worker stays open for the server. */
export const serverLimitMs = 10_000

/**
 * Tells the server what became of a notification. A failure is left at that: a receipt is proof,
 * not delivery, and sent later it would tell the caller of a ring that is over. Never rejects.
 */
export async function sendReceipt(
  environment: WorkerEnvironment,
  receipt: string | undefined,
  event: PushReceiptBody['event'],
): Promise<void> {
  if (!receipt) return
  const body: PushReceiptBody = { receipt, event }
  await within(environment, serverLimitMs, post(environment, 'push-receipts', body))
}
