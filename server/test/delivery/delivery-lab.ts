import type { DeliveryRetry } from '@belfry/contracts'
import type { Outcome } from '@belfry/web-push'
import type { QueueName } from '../../src/broker/port.ts'
import { createApplyOutcome } from '../../src/delivery/apply-outcome.ts'
import { createDeliver, type Deliver, type DeliveryJob } from '../../src/delivery/deliver.ts'
import { createOriginGate } from '../../src/delivery/origin-gate.ts'
import {
  webPushChannel,
  type PushContent,
  type WebPushChannel,
} from '../../src/delivery/web-push-channel.ts'
import type { BrowserDevice, DeviceNews } from '../../src/devices/device.ts'
import { noFailpoint } from '../../src/observability/failpoint.ts'
import { fakeLedger, type FakeLedger } from './fake-ledger.ts'

/** `deliver` with everything around it in memory: a clock that stands, devices, a broker, a channel that answers as told. */
export interface DeliveryLab {
  readonly deliver: Deliver<BrowserDevice, PushContent>
  readonly ledger: FakeLedger
  readonly devices: Map<string, BrowserDevice>
  /** What was handed back to the broker, in order. */
  readonly retries: Array<{ queue: QueueName; delivery: DeliveryRetry; delayMs: number }>
  /** What was sent, in order. */
  readonly sent: Array<{ deviceId: string; payload: string; deadlineMs: number }>
  /** What tabs were told of devices. */
  readonly told: string[]
  readonly clock: { nowMs: number }
  /** The answers of the push service, in order; 201 once they are used up. */
  readonly answers: Outcome[]
  /** Called while a request is under way. */
  whileSending: () => Promise<void>
}

/** For a channel whose `send` is another. */
export const noSender = { send: () => Promise.reject(new Error('nothing is sent')) }

export const accepted: Outcome = { kind: 'accepted', status: 201 }

export function deliveryLab(): DeliveryLab {
  const ledger = fakeLedger()
  const devices = new Map<string, BrowserDevice>([['row', device()]])
  const clock = { nowMs: 1_795_300_000_000 }
  const now = () => clock.nowMs
  const gate = createOriginGate(now)
  const told: string[] = []
  const retries: DeliveryLab['retries'] = []
  const lab: Omit<DeliveryLab, 'deliver'> = {
    ledger,
    devices,
    retries,
    told,
    clock,
    sent: [],
    answers: [],
    whileSending: () => Promise.resolve(),
  }
  const broker = {
    retry: async (queue: QueueName, delivery: DeliveryRetry, delayMs: number) =>
      void retries.push({ queue, delivery, delayMs }),
  }
  const deviceStore = {
    byId: async (id: string) => devices.get(id) ?? null,
    note: async (id: string, endpointHash: string, news: DeviceNews) => {
      const row = devices.get(id)
      if (row?.endpointHash === endpointHash) devices.set(id, { ...row, ...news })
    },
    remove: async (id: string, { endpointHash }: { endpointHash?: string } = {}) =>
      devices.get(id)?.endpointHash === endpointHash && devices.delete(id),
  }
  const channel: WebPushChannel = {
    ...webPushChannel(noSender, now),
    async send(to, content, deadlineMs) {
      lab.sent.push({ deviceId: to.id, payload: content.payload, deadlineMs })
      await result.whileSending()
      return lab.answers.shift() ?? accepted
    },
  }
  const shared = {
    deliveries: ledger,
    devices: deviceStore,
    broker,
    channel,
    gate,
    metrics: { count: () => {}, countSuppressed: () => {} },
    now,
    failpoint: noFailpoint,
  }
  const applyOutcome = createApplyOutcome({
    ...shared,
    announce: (_to, name, payload) => void told.push(`${name} ${JSON.stringify(payload)}`),
    log: silentLog,
    random: () => 0.5,
  })
  const deliver = createDeliver({ ...shared, applyOutcome })
  const result: DeliveryLab = { ...lab, deliver }
  return result
}

/** What the row of any device of Bob's holds. */
export const bobsRow = {
  id: 'row',
  ownerId: 'bob',
  endpointHash: 'hash',
  deviceId: 'desk',
  deviceName: 'Desk',
  generation: 0,
  createdAtMs: 0,
  lastSeenAtMs: 0,
  lastAcceptedAtMs: null,
  lastShownAtMs: null,
  lastError: null,
  notBeforeMs: 0,
} as const

export function device(change: Partial<BrowserDevice> = {}): BrowserDevice {
  return {
    ...bobsRow,
    kind: 'browser',
    endpoint: 'https://updates.push.services.mozilla.com/wpush/v2/bob',
    p256dh: 'p',
    auth: 'a',
    vapidPublicKey: 'key',
    ...change,
  }
}

export const chatEvent = {
  type: 'ChatMessage',
  id: 'm1',
  conversationId: 'c',
  senderId: 'ana',
  senderName: 'Ana',
  recipientIds: ['bob', 'carla'],
  text: 'hello',
  sentAt: new Date(1_795_300_000_000).toISOString(),
} as const

export function chatJob(
  lab: Pick<DeliveryLab, 'clock'>,
  change: Partial<DeliveryJob<BrowserDevice, PushContent>> = {},
): DeliveryJob<BrowserDevice, PushContent> {
  return {
    key: {
      id: 'delivery',
      eventId: 'chat:c:m1',
      kind: 'chat_message',
      ownerId: 'bob',
      deviceRowId: 'row',
      subjectId: 'c',
    },
    event: { ...chatEvent, recipientIds: [...chatEvent.recipientIds] },
    queue: 'web-push.chat',
    pace: 'patient',
    expiresAtMs: lab.clock.nowMs + 24 * 3_600_000,
    deadlineMs: 10_000,
    lastCheck: async () => ({ kind: 'send' }),
    write: (_device, maxBytes) => ({
      payload: `at most ${maxBytes}`,
      ttlSeconds: 60,
      urgency: 'normal',
    }),
    ...change,
  }
}

export const silentLog = {
  trace: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
}
