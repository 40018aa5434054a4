import { randomBytes } from 'node:crypto'
import { serveControl } from './control.ts'
import { InvalidOptionError, UnknownTokenError } from './errors.ts'
import { createEventRecorder } from './event-log.ts'
import type { AcceptedPush } from './expo-service-event.ts'
import type { ExpoService, ExpoServiceOptions } from './expo-service.ts'
import { serveSenders } from './http-front.ts'
import { createInstalls } from './installs.ts'
import { listen } from './listen.ts'
import type { PushHub } from './push-hub.ts'
import { createRateWindow } from './rate-window.ts'
import { createReceipts } from './receipts.ts'
import { createScriptedAnswers } from './scripted-answers.ts'

/** As `https://exp.host/--/api/v2/push`. */
const basePath = '/--/api/v2/push'

/**
 * Starts a push service that behaves like Expo's towards senders, with everything in memory, and
 * with phones to look at. For development and tests. Rejects with Node's listen errors, for
 * instance EADDRINUSE, and with INVALID_OPTION for a delay or rate that is no number of 0 or more.
 */
export async function startExpoService(options: ExpoServiceOptions = {}): Promise<ExpoService> {
  checkNumbers(options)
  const listeners = new Set<(push: AcceptedPush) => void>()
  const recorder = createEventRecorder({
    historyLimit: options.historyLimit ?? 10_000,
    onEvent(event) {
      options.onEvent?.(event)
      if (event.type === 'push') for (const listener of listeners) listener(event)
    },
  })
  const hub = createHub(options, recorder)
  const senders = serveSenders(hub, { accessToken: options.requireAccessToken })
  const control = serveControl(hub)
  const { host = '127.0.0.1', port = 0 } = options
  const server = await listen(
    (request, response) =>
      request.url?.startsWith('/control/')
        ? control(request, response)
        : senders(request, response),
    { host, port },
  )
  let closing: Promise<void> | undefined

  return {
    url: server.origin + basePath,
    events: recorder.log,
    get pushes() {
      return recorder.log.ofType('push')
    },
    onPush(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    install: (install = {}) => hub.installs.install(install),
    uninstall: (token, { deviceNotRegisteredIn = hub.deviceNotRegisteredIn } = {}) =>
      hub.installs.uninstall(token, deviceNotRegisteredIn),
    phone(token) {
      const install = hub.installs.find(token)
      if (install === undefined) throw new UnknownTokenError(token)
      return install.phone
    },
    answerNext: (answer, scope = {}) => hub.script.add(answer, scope),
    failWith: (status, { retryAfter, ...scope } = {}) =>
      hub.script.add(
        { kind: 'status', status, ...(retryAfter === undefined ? {} : { retryAfter }) },
        scope,
      ),
    close() {
      recorder.close()
      closing ??= server.close()
      return closing
    },
  }
}

function createHub(options: ExpoServiceOptions, recorder: PushHub['recorder']): PushHub {
  const random = options.randomBytes ?? randomBytes
  return {
    installs: createInstalls(random),
    receipts: createReceipts(),
    script: createScriptedAnswers(),
    recorder,
    projectRate: createRateWindow(options.notificationsPerSecond ?? 600, 1000),
    tokenRate: createRateWindow(options.notificationsPerTokenPerMinute ?? 240, 60_000),
    deviceNotRegisteredIn: options.deviceNotRegisteredIn ?? 'ticket',
    acceptUnknownTokens: options.acceptUnknownTokens ?? false,
    receiptDelayMs: options.receiptDelayMs ?? 0,
    now: options.now ?? Date.now,
    newTicketId: () => uuidOf(random(16)),
  }
}

/** Expo's ticket ids are UUIDs of version 4 (RFC 9562 section 5.4). */
function uuidOf(bytes: Buffer): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

function checkNumbers(options: ExpoServiceOptions): void {
  const { receiptDelayMs, notificationsPerSecond, notificationsPerTokenPerMinute } = options
  const numbers = { receiptDelayMs, notificationsPerSecond, notificationsPerTokenPerMinute }
  for (const [name, value] of Object.entries(numbers)) {
    if (value === undefined || value >= 0) continue
    throw new InvalidOptionError(`${name} must be a number of 0 or more, got ${value}`)
  }
}
