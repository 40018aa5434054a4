import type { Receipt } from '@belfry/expo-push'
import type { ExpoBreakers } from '../../delivery/expo-breakers.ts'
import type { ExpoPushChannel } from '../../delivery/expo-push-channel.ts'
import type { ExpoTicket } from '../../delivery/expo-ticket.ts'
import { outcomeInWords } from '../../delivery/outcome-in-words.ts'
import type { TokenPauses } from '../../delivery/token-pauses.ts'
import type { PhoneDevice } from '../../devices/device.ts'
import type { Failpoint } from '../../observability/failpoint.ts'
import type { Metrics } from '../../observability/metrics.ts'
import { bareAgain } from './bare-again.ts'
import type { WorkerContext } from './worker-context.ts'

/** One that says what became of the push. */
export type FinalReceipt = Exclude<Receipt, { kind: 'notReady' | 'notAsked' }>

export interface ReceiptContext extends Pick<
  WorkerContext,
  'store' | 'capabilities' | 'announce' | 'log' | 'now'
> {
  readonly channel: Pick<ExpoPushChannel, 'send'>
  readonly breakers: Pick<ExpoBreakers, 'open'>
  readonly pauses: TokenPauses
  readonly metrics: Pick<Metrics, 'countExpoReceipt'>
  readonly failpoint: Failpoint
}

/**
 * Expo took a push; this is what Apple or Google made of it. Whatever it says concerns the token that it was
 * sent to: a phone that has another one since is left alone. Said twice, it does nothing new.
 */
export async function onReceipt(
  context: ReceiptContext,
  ticket: ExpoTicket,
  receipt: FinalReceipt,
): Promise<void> {
  const { metrics, store, now } = context
  metrics.countExpoReceipt(receipt.kind === 'ok' ? 'ok' : receipt.reason)
  if (receipt.kind === 'ok') return
  if (receipt.kind === 'rejected') alarm(context, ticket, receipt)
  const device = await store.devices.byId(ticket.deviceRowId)
  const isSame = device?.kind === 'phone' && device.endpointHash === ticket.endpointHash
  if (isSame) await learn(context, device, receipt)
  if (isSame && goesAgain.has(receipt.reason) && (await bareAgain(context, ticket, device))) return
  const state = receipt.kind === 'gone' ? 'gone' : 'rejected'
  await store.deliveries.refute(ticket.deliveryId, { state, reason: receipt.reason }, now())
}

/** Nothing is wrong with the phone: the message is sent once more, with its ids alone. */
const goesAgain: ReadonlySet<string> = new Set<Exclude<FinalReceipt, { kind: 'ok' }>['reason']>([
  'payload_too_large',
  'expo_error',
  'provider_error',
])

function alarm(
  { breakers, log }: ReceiptContext,
  { projectId, deliveryId }: ExpoTicket,
  { reason, hint }: Extract<FinalReceipt, { kind: 'rejected' }>,
): void {
  // Whom of the project it concerns, the reason says.
  const hold = breakers.open({ projectId, platform: null }, reason)
  const held = hold === null ? {} : { heldUntil: new Date(hold.untilMs).toISOString() }
  log.error(
    { reason, hint, project: projectId, delivery: deliveryId, ...held },
    'ExpoPush: a push that Expo had taken was refused by Apple or Google; nothing was forgotten',
  )
}

async function learn(
  { store, pauses, announce, now, failpoint }: ReceiptContext,
  { id, endpointHash, ownerId }: PhoneDevice,
  receipt: Exclude<FinalReceipt, { kind: 'ok' }>,
): Promise<void> {
  if (receipt.kind === 'gone') {
    await failpoint('prune.mid')
    // Only while the row still has this token.
    const removed = await store.devices.remove(id, { endpointHash })
    if (removed) announce([ownerId], 'devices.updated', { subscriptionId: id, change: 'removed' })
    return
  }
  const isTooMuch = receipt.reason === 'token_rate_limited'
  await store.devices.note(id, endpointHash, {
    lastError: outcomeInWords(receipt),
    ...(isTooMuch ? { notBeforeMs: now() + pauses.nextMs(endpointHash) } : {}),
  })
  announce([ownerId], 'devices.updated', { subscriptionId: id, change: 'failed' })
}
