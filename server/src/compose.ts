import { setTimeout as delay } from 'node:timers/promises'
import { createAllowedHosts, createSender, type Sender } from '@belfry/web-push'
import type { Logger } from 'pino'
import { v7 as uuidv7 } from 'uuid'
import { createApi } from './api/create-api.ts'
import { listen } from './api/listen.ts'
import { createAnnounce } from './broker/announce.ts'
import { steadyClock } from './steady-clock.ts'
import { createCalls } from './calls/calls.ts'
import { createRingTimer } from './calls/ring-timer.ts'
import { createChat } from './chat/chat.ts'
import type { Config } from './config.ts'
import type { Secrets } from './config/secrets.ts'
import { createApplyOutcome } from './delivery/apply-outcome.ts'
import { createCallTombstones } from './delivery/call-tombstone.ts'
import { createCapabilities } from './delivery/capabilities.ts'
import { createDeliver } from './delivery/deliver.ts'
import { createFanOut } from './delivery/fan-out.ts'
import { createKeyMismatches } from './delivery/key-mismatch.ts'
import { createOriginGate } from './delivery/origin-gate.ts'
import { createTestNotification } from './delivery/test-notification.ts'
import { webPushChannel } from './delivery/web-push-channel.ts'
import { createWithdraw } from './delivery/withdraw.ts'
import { createDeviceRegistry } from './devices/device-registry.ts'
import type { Failpoint } from './observability/failpoint.ts'
import { logLines } from './observability/log-lines.ts'
import { createMetrics } from './observability/metrics.ts'
import { createRelay } from './outbox/relay.ts'
import { createAccounts } from './people/accounts.ts'
import { createTokens } from './people/tokens.ts'
import { createGateway } from './realtime/gateway.ts'
import { createPresenceBoard } from './realtime/presence-board.ts'
import { openEngines, type Engines } from './open-engines.ts'
import type { Role } from './roles.ts'
import { startHousekeeping } from './store/housekeeping.ts'
import {
  startWebPushNotificationWorker,
  type WebPushNotificationWorker,
} from './workers/web-push/web-push-notification-worker.ts'

export interface ComposeOptions {
  readonly config: Config
  /** Which this process has; all of them need no other process. */
  readonly roles: readonly Role[]
  readonly secrets: Secrets
  readonly port: number
  readonly publicUrl: string
  /** Folder of the built web app; null when there is none. */
  readonly webDir: string | null
  readonly log: Logger
  readonly failpoint: Failpoint
  /** The wall clock, milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number
}

/** A running program. */
export interface Program {
  /** Drains: nothing new is taken, what is in hand is finished. */
  stop(): Promise<void>
}

/**
 * Wires adapters into parts and starts them. The one place that knows them all.
 * What was opened is closed in the opposite order: at `stop`, or when a later part cannot start.
 */
export async function compose(options: ComposeOptions): Promise<Program> {
  await using opened = new AsyncDisposableStack()
  const { config, log } = options
  // Leases, retries and rings go on when somebody sets the clock back.
  const now = steadyClock(options.now ?? Date.now)
  const engines = await openEngines({ config, log, now }, opened)
  const core = createCore(options, { ...engines, now })
  opened.defer(() => core.sender.close())
  opened.defer(core.hearPresence())
  if (options.roles.includes('web-push')) {
    const worker = startWorker(options, core)
    opened.defer(() => drain(worker, core.sender))
  }
  if (options.roles.includes('api')) await startApiRole(options, core, opened)
  log.info(logLines.busStarted)

  const running = opened.move()
  return { stop: () => running.disposeAsync() }
}

/** HTTP, the gateway, the relay with its sweeper, the ring timer, and tidying up. */
async function startApiRole(
  options: ComposeOptions,
  core: Core,
  opened: AsyncDisposableStack,
): Promise<void> {
  const { store, now, relay, ringTimer } = core
  const housekeeping = startHousekeeping({ store, now, log: options.log })
  opened.defer(() => housekeeping.stop())
  opened.defer(() => relay.stop())
  opened.defer(() => ringTimer.stop())
  const api = await startApi(options, core)
  opened.defer(() => api.close())
  relay.start()
  ringTimer.start()
}

/** A push that is under way may take this long; then it is cut off, goes on record as a retry, and waits in the broker. */
const patienceMs = 5000

async function drain(
  worker: WebPushNotificationWorker,
  sender: Pick<Sender, 'close'>,
): Promise<void> {
  const drained = worker.stop()
  const patience = new AbortController()
  await Promise.race([
    drained,
    delay(patienceMs, null, { signal: patience.signal }).catch(() => null),
  ])
  patience.abort()
  await sender.close()
  await drained
}

type Core = ReturnType<typeof createCore>

/** What the API and the workers share. */
function createCore(
  options: ComposeOptions,
  { store, broker, now }: Engines & { now: () => number },
) {
  const { config, secrets, log, failpoint } = options
  const newId = () => uuidv7()
  const announce = createAnnounce(broker, log)
  const allowedHosts = createAllowedHosts(config.PUSH_ALLOWED_HOSTS)
  const sender = createSender({
    vapidKeys: [secrets.vapid, ...secrets.previousVapid],
    subject: secrets.vapidSubject,
    egress: { allowedHosts, pushResolve: config.PUSH_RESOLVE },
  })
  const relay = createRelay({ outbox: store.outbox, broker, now, log, failpoint })
  const ringTimeoutMs = config.RING_TIMEOUT_SECONDS * 1000
  const onRinging = (expiresAtMs: number) => ringTimer.expect(expiresAtMs)
  const parts = { store, relay, announce, now, newId, failpoint }
  const calls = createCalls({ ...parts, ringTimeoutMs, onRinging })
  const ringTimer = createRingTimer({ store: store.calls, calls, now, log })
  const presence = createPresenceBoard(now)
  return {
    ...parts,
    broker,
    calls,
    ringTimer,
    sender,
    allowedHosts,
    chat: createChat(parts),
    channel: webPushChannel(sender),
    capabilities: createCapabilities(secrets.jwtSecret),
    tombstones: createCallTombstones(store.deliveries, now),
    metrics: createMetrics(broker),
    presence,
    /** What tabs of any node show, a worker that has none of them knows too. Returns the way to stop. */
    hearPresence: () =>
      broker.onBroadcast((notice) => {
        if (notice.kind === 'presence') presence.note(notice)
      }),
    appUrl: config.APP_URL ?? options.publicUrl,
  }
}

/** How often connections that fell idle while closing are ended. */
const idleSweepMs = 50

async function startApi(options: ComposeOptions, core: Core): Promise<{ close(): Promise<void> }> {
  const { config, secrets, publicUrl, log } = options
  const { store, broker, now, newId, capabilities } = core
  const { devices, deliveries } = store
  const tokens = createTokens({
    secret: secrets.jwtSecret,
    jwksUrl: config.JWT_JWKS_URL,
    issuer: config.JWT_ISSUER,
    audience: config.JWT_AUDIENCE,
    now: options.now ?? Date.now,
  })
  const onSessionEnded = (sid: string) => broker.broadcast({ kind: 'session_ended', sid })
  const accounts = createAccounts({ store, tokens, now, newId, onSessionEnded })
  const appleHint = secrets.subjectIsPlaceholder
    ? 'Apple refuses the placeholder subject: set VAPID_SUBJECT to a mailto: or https: address of yours.'
    : null
  const app = await createApi(
    {
      ...core,
      accounts,
      publicUrl,
      registry: createDeviceRegistry({ devices, capabilities, now, newId }),
      testNotification: createTestNotification({ ...core, devices, deliveries, appleHint }),
      withdraw: createWithdraw({ ...store, sender: core.sender, now }),
      vapidPublicKeys: [secrets.vapid, ...secrets.previousVapid].map((pair) => pair.publicKey),
      ringTimeoutSeconds: config.RING_TIMEOUT_SECONDS,
      allowedOrigins: config.ALLOWED_ORIGINS,
      ready: async () => {
        await Promise.all([store.ping(), broker.ping()])
      },
      webDir: options.webDir,
    },
    log,
  )
  const allowedOrigins = [publicUrl, ...config.ALLOWED_ORIGINS]
  const gateway = createGateway({ http: app.server, accounts, broker, allowedOrigins, now, log })
  async function close(): Promise<void> {
    // Begun first: from then on every answer ends its connection. Open tabs would hold it up for ever.
    const closed = app.close()
    // A request that was under way leaves its connection open and idle, which nobody else closes.
    const sweep = setInterval(() => app.server.closeIdleConnections(), idleSweepMs)
    await gateway.close()
    await closed
    clearInterval(sweep)
  }
  try {
    await listen(app, { port: options.port, host: config.HOST })
  } catch (cause) {
    await close()
    throw cause
  }
  return { close }
}

function startWorker({ log, failpoint }: ComposeOptions, core: Core) {
  const { store, broker, announce, metrics, now } = core
  const { devices, deliveries } = store
  const gate = createOriginGate(now)
  const applyOutcome = createApplyOutcome({
    deliveries,
    devices,
    broker,
    gate,
    keyMismatches: createKeyMismatches(now),
    announce,
    metrics,
    log,
    now,
    random: Math.random,
    failpoint,
  })
  const { channel } = core
  const deliver = createDeliver({
    deliveries,
    devices,
    broker,
    channel,
    applyOutcome,
    gate,
    metrics,
    now,
    failpoint,
  })
  const fanOut = createFanOut({ store, deliver, metrics, now, failpoint })
  return startWebPushNotificationWorker({ ...core, fanOut, log }, { broker, failpoint })
}
