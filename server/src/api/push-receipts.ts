import { pushReceiptBody } from '@belfry/contracts'
import * as z from 'zod'
import type { ApiContext, App } from './app.ts'
import { withoutToken } from './openapi.ts'
import { ProblemError } from './problem.ts'

/** The device's own word. No token: the receipt is a capability from the payload. */
export function pushReceiptRoutes(app: App, context: ApiContext): void {
  const { store, now } = context

  app.post(
    '/api/push-receipts',
    {
      schema: {
        tags: ['devices'],
        summary: 'This device showed it',
        security: withoutToken,
        body: pushReceiptBody,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const { receipt } = request.body
      const claims = await context.capabilities.readReceipt(receipt, store.deliveries)
      if (claims === null) throw new ProblemError('RECEIPT_REFUSED')
      const { event } = request.body
      const first = await store.deliveries.receipt(claims.deliveryId, event, now())
      if (first && event === 'shown') await onShown(context, claims)
      return reply.code(204).send()
    },
  )
}

async function onShown(
  context: ApiContext,
  claims: { deviceRowId: string; subjectId: string },
): Promise<void> {
  const { store, now } = context
  const device = await store.devices.byId(claims.deviceRowId)
  if (device !== null) {
    await store.devices.note(device.id, device.endpointHash, {
      lastShownAtMs: now(),
      lastError: null,
    })
    context.announce([device.ownerId], 'devices.updated', {
      subscriptionId: device.id,
      change: 'shown',
    })
  }
  const stored = await store.calls.byId(claims.subjectId)
  if (stored !== null) await context.calls.announce(stored)
}
