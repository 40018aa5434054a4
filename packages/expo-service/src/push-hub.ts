import { failureJson, type DeliveryFailure, type ErrorPlace } from './delivery-errors.ts'
import type { EventRecorder } from './event-log.ts'
import type { ExpoMessage } from './expo-message.ts'
import type { AcceptedPush } from './expo-service-event.ts'
import type { Install, Installs } from './installs.ts'
import { formOf } from './message-form.ts'
import { maxPayloadBytes, payloadBytes } from './payload-bytes.ts'
import type { RateWindow } from './rate-window.ts'
import { readMessages } from './read-messages.ts'
import { readReceiptIds } from './read-receipt-ids.ts'
import type { ReceiptJson, Receipts } from './receipts.ts'
import type { Refusal } from './request-errors.ts'
import type { ScriptedAnswers } from './scripted-answers.ts'

/** What the rules need to know. */
export interface PushHub {
  readonly installs: Installs
  readonly receipts: Receipts
  readonly script: ScriptedAnswers
  readonly recorder: EventRecorder
  readonly projectRate: RateWindow
  readonly tokenRate: RateWindow
  readonly deviceNotRegisteredIn: ErrorPlace
  readonly acceptUnknownTokens: boolean
  readonly receiptDelayMs: number
  now(): number
  newTicketId(): string
}

export type TicketJson =
  | { readonly status: 'ok'; readonly id: string }
  | ReturnType<typeof failureJson>

/** What goes out as `{data}`: of `send` in the order of the notifications. */
export type DataJson = TicketJson | readonly TicketJson[] | Readonly<Record<string, ReceiptJson>>

/** The honest answer to `send`. One refusal, or one ticket for each notification. */
export function send(hub: PushHub, json: unknown, request: number): { data: DataJson } | Refusal {
  const asked = readMessages(json)
  if ('code' in asked) return asked
  const notifications = asked.messages.flatMap((message) => {
    const tokens = typeof message.to === 'string' ? [message.to] : message.to
    return tokens.map((token) => ({ token, message, install: hub.installs.find(token) }))
  })
  const refusal = checkProjects(notifications) ?? checkRate(hub, notifications)
  if (refusal !== undefined) return refusal
  const tickets = notifications.map((notification) => ticketFor(hub, notification, request))
  const [first] = tickets
  return { data: asked.single && first !== undefined ? first : tickets }
}

/** The honest answer to `getReceipts`. */
export function getReceipts(
  hub: PushHub,
  json: unknown,
  request: number,
): { data: DataJson } | Refusal {
  const asked = readReceiptIds(json)
  if ('code' in asked) return asked
  const at = hub.now()
  const data = hub.receipts.ask(asked.ids, at)
  hub.recorder.record({
    type: 'receipts',
    asked: asked.ids,
    ready: Object.keys(data),
    request,
    at,
  })
  return { data }
}

interface Notification {
  readonly token: string
  readonly message: ExpoMessage
  /** Undefined for an unknown token. */
  readonly install: Install | undefined
}

/** All of one project. Tokens that Expo does not know belong to none. */
function checkProjects(notifications: readonly Notification[]): Refusal | undefined {
  const byProject = new Map<string, string[]>()
  for (const { token, install } of notifications) {
    if (install === undefined) continue
    const tokens = byProject.get(install.projectId) ?? []
    if (!tokens.includes(token)) tokens.push(token)
    byProject.set(install.projectId, tokens)
  }
  if (byProject.size < 2) return undefined
  return {
    code: 'PUSH_TOO_MANY_EXPERIENCE_IDS',
    message:
      'All push notification messages in the same request must be for the same project; check the details field to investigate conflicting tokens.',
    details: Object.fromEntries(byProject),
  }
}

function checkRate(hub: PushHub, notifications: readonly Notification[]): Refusal | undefined {
  const project = notifications.find(({ install }) => install !== undefined)?.install?.projectId
  const waitMs = hub.projectRate.take(project ?? '', notifications.length, hub.now())
  if (waitMs === 0) return undefined
  return {
    code: 'TOO_MANY_REQUESTS',
    message: `Exceeded ${hub.projectRate.limit} notifications per second, please try again.`,
    retryAfter: Math.max(1, Math.ceil(waitMs / 1000)),
  }
}

function ticketFor(hub: PushHub, notification: Notification, request: number): TicketJson {
  const { token } = notification
  const failure =
    hub.script.takeForNotification('ticket-error', token) ??
    notRegistered(hub, notification, 'ticket')
  if (failure !== undefined) {
    const { error } = failure
    hub.recorder.record({ type: 'ticket-error', token, error, request, at: hub.now() })
    return failureJson(failure, token)
  }
  return { status: 'ok', id: accept(hub, notification, request) }
}

function accept(hub: PushHub, notification: Notification, request: number): string {
  const { token, message, install } = notification
  const at = hub.now()
  const ticketId = hub.newTicketId()
  const bytes = payloadBytes(message, install?.projectId ?? '')
  const failure =
    hub.script.takeForNotification('receipt-error', token) ??
    notRegistered(hub, notification, 'receipt') ??
    tooBig(bytes) ??
    tooFrequent(hub, token)
  const delay = hub.script.takeForNotification('receipt-delay', token)
  const readyAt = at + (delay?.delayMs ?? hub.receiptDelayMs)
  hub.receipts.add(ticketId, { token, failure, acceptedAt: at, readyAt })
  const push: AcceptedPush = {
    type: 'push',
    ticketId,
    token,
    projectId: install?.projectId,
    platform: install?.phone.platform,
    form: formOf(message),
    message: { ...message, to: token },
    data: message.data ?? {},
    payloadBytes: bytes,
    receipt: failure?.error ?? 'ok',
    request,
    at,
  }
  if (failure === undefined) install?.deliver(push)
  hub.recorder.record(push)
  return ticketId
}

function notRegistered(
  hub: PushHub,
  { install }: Notification,
  place: ErrorPlace,
): DeliveryFailure | undefined {
  const isGone = install === undefined ? !hub.acceptUnknownTokens : install.gone !== undefined
  const tellIn = install?.gone?.tellIn ?? hub.deviceNotRegisteredIn
  return isGone && tellIn === place ? { error: 'DeviceNotRegistered' } : undefined
}

/** Expo accepts it and tells in the receipt. */
function tooBig(bytes: number): DeliveryFailure | undefined {
  return bytes > maxPayloadBytes ? { error: 'MessageTooBig' } : undefined
}

function tooFrequent(hub: PushHub, token: string): DeliveryFailure | undefined {
  return hub.tokenRate.take(token, 1, hub.now()) > 0 ? { error: 'MessageRateExceeded' } : undefined
}
