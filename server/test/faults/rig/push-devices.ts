import {
  startPushService,
  type PushService,
  type PushServiceEvent,
  type Recipient,
} from '@belfry/push-service'
import { decrypt } from '@belfry/web-push/decrypt'
import type { EntryOf } from '../checker/log-entry.ts'
import { at } from '../../support/ask.ts'
import type { EventRecorder } from './event-recorder.ts'

/** Browsers of people, at a push service that writes down what it is sent and what they would read of it. */
export interface PushDevices {
  readonly service: PushService
  /** A browser that has subscribed at the push service, not yet at Belfry. */
  make(device: string): Recipient
  /** The next so many pushes to that device, or to any, are answered so; Infinity: until taken back. */
  answer(options: {
    device?: string
    status: number
    retryAfterSeconds?: number
    times?: number
  }): () => void
  /** Until the returned function is called nobody gets an answer. */
  hold(): () => void
  /** The device is gone: 410. */
  expire(device: string): void
  /** How many pushes have come, whatever they were answered. */
  count(): number
  /** Whether that device was sent a message of that type about that subject. */
  has(device: string, type: string, subject: string): boolean
  close(): Promise<void>
}

export interface PushDevicesOptions {
  readonly recorder: EventRecorder
  readonly vapidPublicKey: string
  readonly host?: string
}

export async function startPushDevices(options: PushDevicesOptions): Promise<PushDevices> {
  const { recorder, vapidPublicKey, host = '127.0.0.1' } = options
  const recipients = new Map<string, Recipient>()
  const names = new Map<string, string>()
  const retryAfterMs = new Map<string, number>()
  const had = new Set<string>()
  let count = 0

  function onEvent(event: PushServiceEvent): void {
    if (!('body' in event)) return
    count += 1
    const device = names.get(event.endpoint) ?? 'unknown'
    const recipient = recipients.get(device)
    const message = recipient === undefined ? null : read(event.body, recipient)
    if (message !== null) had.add(`${device} ${message.type} ${message.subject}`)
    const status = event.type === 'push' ? 201 : (event.status ?? null)
    const wait = event.type === 'scripted' ? (retryAfterMs.get(device) ?? null) : null
    const topic = event.headers['topic'] ?? null
    recorder.write({ kind: 'push', device, status, topic, retryAfterMs: wait, message })
  }

  const service = await startPushService({ onEvent, host, historyLimit: 1 })
  return {
    service,
    make(device) {
      const recipient = service.subscribe({ vapidPublicKey })
      // What is stored is replaced by its Topic, and what is received is kept for ever.
      recipient.goOffline()
      recipients.set(device, recipient)
      names.set(recipient.endpoint, device)
      const { endpoint, auth, p256dh } = recipient
      for (const text of [new URL(endpoint).pathname, auth, p256dh]) {
        recorder.write({ kind: 'secret', text })
      }
      return recipient
    },
    answer({ device, status, retryAfterSeconds, times = 1 }) {
      const endpoint = device === undefined ? undefined : recipients.get(device)?.endpoint
      const scope = { times, ...(endpoint === undefined ? {} : { endpoint }) }
      if (device !== undefined && retryAfterSeconds !== undefined) {
        retryAfterMs.set(device, retryAfterSeconds * 1000)
      }
      const wait = retryAfterSeconds === undefined ? {} : { retryAfter: retryAfterSeconds }
      return service.answerNext({ kind: 'status', status, ...wait }, scope)
    },
    hold() {
      const held = Promise.withResolvers<null>()
      const back = service.answerNext(
        { kind: 'hold', until: held.promise },
        { times: Number.POSITIVE_INFINITY },
      )
      return () => {
        back()
        held.resolve(null)
      }
    },
    expire(device) {
      service.expire(recipients.get(device)?.endpoint ?? '')
    },
    count: () => count,
    has: (device, type, subject) => had.has(`${device} ${type} ${subject}`),
    close: () => service.close(),
  }
}

/** The key that a message's text begins with. */
const keyInText = /^\[([^\]]+)\]/

function read(body: Buffer, { privateKey, auth }: Recipient): EntryOf<'push'>['message'] {
  try {
    const json: unknown = JSON.parse(decrypt({ body, privateKey, auth }).toString('utf8'))
    const data = at(json, 'notification', 'data')
    const type = String(at(data, 'type'))
    const key = keyInText.exec(String(at(json, 'notification', 'body')))?.[1]
    return {
      deliveryId: String(at(data, 'id')),
      type,
      subject: (type === 'chat_message' ? key : undefined) ?? String(at(data, 'sessionId')),
      tag: String(at(json, 'notification', 'tag')),
      expMs: Number(at(data, 'exp')) * 1000,
    }
  } catch {
    return null // The checker says what that means.
  }
}
