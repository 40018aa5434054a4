import { randomBytes } from 'node:crypto'
import { decodeBase64url } from './base64url.ts'
import { InvalidOptionError } from './errors.ts'
import { createEventRecorder } from './event-log.ts'
import { serveSenders } from './http-front.ts'
import { openListeners } from './listeners.ts'
import { p256PublicKey } from './p256-public-key.ts'
import { createPushHub, type PushHub } from './push-hub.ts'
import type { PushService, PushServiceOptions } from './push-service.ts'
import { createRecipient } from './recipient.ts'
import { createScriptedAnswers } from './scripted-answers.ts'
import { serveBrowsers } from './web-socket-front.ts'

/** As Mozilla's service: a client that pings more often than this is cut. */
const defaultMinPingIntervalMs = 45_000

/**
 * Starts a push service that behaves like Mozilla's (autopush 1.83.1) towards senders (RFC 8030)
 * and towards a stock Firefox, with everything in memory. For development and tests.
 * Rejects with Node's listen errors, for instance EADDRINUSE.
 */
export async function startPushService(options: PushServiceOptions = {}): Promise<PushService> {
  const listeners = await openListeners(options)
  const { endpointHost, webSocketHost } = listeners
  const recorder = createEventRecorder({
    historyLimit: options.historyLimit ?? 10_000,
    onEvent: options.onEvent,
  })
  const script = createScriptedAnswers()
  const hub = createPushHub({
    origin: options.publicUrl
      ? new URL(options.publicUrl).origin
      : `${options.tls ? 'https' : 'http'}://${endpointHost}`,
    now: options.clock ?? Date.now,
    randomBytes: options.randomBytes ?? randomBytes,
    recorder,
  })
  listeners.handleWith(serveSenders(hub, script))
  const sockets = serveBrowsers(
    listeners.browsers,
    hub,
    options.minPingIntervalMs ?? defaultMinPingIntervalMs,
  )

  let closing: Promise<void> | undefined
  async function shutDown() {
    recorder.close()
    sockets.close()
    await listeners.close()
  }

  return {
    webSocketUrl: `ws://${webSocketHost}/`,
    endpointOrigin: hub.origin,
    endpointHost,
    events: recorder.log,
    answerNext: (answer, scope = {}) => script.add(answer, scope),
    failWith: (status, { retryAfter, ...scope } = {}) =>
      script.add(
        { kind: 'status', status, ...(retryAfter === undefined ? {} : { retryAfter }) },
        scope,
      ),
    subscribe: ({ vapidPublicKey } = {}) => createRecipient(hub, parseVapidKey(vapidPublicKey)),
    forget: (uaid) => hub.forget(uaid),
    expire: (endpoint) => expire(hub, endpoint),
    disconnect: ({ uaid, code = 1001 } = {}) => hub.cut(code, uaid),
    close() {
      closing ??= shutDown()
      return closing
    },
  }
}

function parseVapidKey(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined
  const key = decodeBase64url(text)
  if (key === undefined || p256PublicKey(key) === undefined) {
    throw new InvalidOptionError(
      `vapidPublicKey must be a P-256 point, 65 bytes in base64url, got "${text}"`,
    )
  }
  return key
}

function expire(hub: PushHub, endpoint: string): boolean {
  const record = hub.subscriptions.find(new URL(endpoint).pathname)
  return record !== undefined && hub.unregister(record.uaid, record.channelId)
}
