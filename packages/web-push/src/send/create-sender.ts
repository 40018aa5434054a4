import type { EgressOptions } from '../egress/create-guarded-connect.ts'
import { createEncryptor } from '../encryption/create-encryptor.ts'
import { createAllowedHosts } from '../subscription/allowed-hosts.ts'
import { checkEndpoint } from '../subscription/check-endpoint.ts'
import { createKeyring } from '../vapid/create-keyring.ts'
import { createVapidSigner } from '../vapid/create-vapid-signer.ts'
import type { VapidKeys } from '../vapid/vapid-keys.ts'
import { WebPushError } from '../web-push-error.ts'
import { checkMessage } from './check-message.ts'
import { startDeadline, type Deadline } from './deadline.ts'
import { createDelivery } from './create-delivery.ts'
import { refusedHere } from './refused-here.ts'
import type { Sender } from './sender.ts'
import type { Transport } from './transport.ts'
import { createUndiciTransport } from './undici-transport.ts'
import { withdrawMessage } from './withdraw-message.ts'

export interface SenderOptions {
  /** The current pair first, then older ones that stored subscriptions still need. */
  readonly vapidKeys: readonly VapidKeys[]
  /** `https:` or `mailto:`; ask `checkSubject` before. */
  readonly subject: string
  /** Which hosts may be sent to, and how connections are made. Default: the browsers' push services. */
  readonly egress?: Partial<EgressOptions> & { readonly connectionsPerOrigin?: number }
  /** Default: undici on pooled HTTP/1.1, behind the egress guard. Closed with the sender. */
  readonly transport?: Transport
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number
}

const DEFAULT_DEADLINE_MS = 10_000

/**
 * Makes a sender of Web Push messages (RFC 8030, 8291, 8292): keys imported once, one VAPID token
 * per push service, connections pooled, and every send over by its deadline. One slow push
 * service, or one slow endpoint, delays no other.
 *
 * @throws WebPushError `VAPID_KEYS_MISSING`, `VAPID_KEY_INVALID`
 */
export function createSender(options: SenderOptions): Sender {
  const { egress = {}, clock = Date.now } = options
  const allowedHosts = egress.allowedHosts ?? createAllowedHosts()
  const keyring = createKeyring(options.vapidKeys)
  const transport = options.transport ?? createUndiciTransport({ ...egress, allowedHosts })
  const signer = createVapidSigner({ subject: options.subject, clock })
  const deliver = createDelivery({ encrypt: createEncryptor(), signer, transport, clock })
  const underWay = new Set<Deadline>()
  let isClosed = false

  /** Runs `work` until its deadline, the caller's signal or `close` ends it. */
  const withDeadline = async <Result>(
    {
      deadlineMs = DEFAULT_DEADLINE_MS,
      signal,
    }: { readonly deadlineMs?: number; readonly signal?: AbortSignal },
    work: (deadline: Deadline) => Promise<Result>,
  ): Promise<Result> => {
    if (isClosed) throw new WebPushError('SENDER_CLOSED', 'This sender was closed; make another')
    const deadline = startDeadline(deadlineMs, signal)
    underWay.add(deadline)
    try {
      return await work(deadline)
    } finally {
      underWay.delete(deadline)
      deadline.end()
    }
  }

  return {
    async send(message, { signal } = {}) {
      checkMessage(message)
      const endpoint = checkEndpoint(message.subscription.endpoint, allowedHosts)
      // The list may have changed since the row was stored.
      if (!endpoint.ok) return refusedHere('endpoint_forbidden')
      const keys = keyring.find(message.vapidKey)
      if (!keys) return refusedHere('vapid_key_unknown')
      const { deadlineMs } = message
      return withDeadline({ deadlineMs, signal }, (deadline) =>
        deliver({ message, url: endpoint.url, keys, deadline }),
      )
    },
    async withdraw(stored, { signal } = {}) {
      const endpoint = checkEndpoint(stored.endpoint, allowedHosts)
      const location = checkEndpoint(stored.location, allowedHosts)
      if (!endpoint.ok || !location.ok || endpoint.url.origin !== location.url.origin) return false
      const { deadlineMs } = stored
      return withDeadline({ deadlineMs, signal }, (deadline) =>
        withdrawMessage(transport, location.url, deadline.signal),
      )
    },
    async close() {
      isClosed = true
      for (const deadline of underWay) deadline.abort()
      await transport.close()
    },
  }
}
