import { createExpoSender } from '@belfry/expo-push'
import { createAllowedHosts, createSender } from '@belfry/web-push'
import type { Logger } from 'pino'
import { v7 as uuidv7 } from 'uuid'
import { createApi } from './api/create-api.ts'
import { openHealthPort } from './api/health-port.ts'
import { listen } from './api/listen.ts'
import { createAnnounce } from './broker/announce.ts'
import { steadyClock } from './steady-clock.ts'
import { createCalls } from './calls/calls.ts'
import { createRingTimer } from './calls/ring-timer.ts'
import { createChat } from './chat/chat.ts'
import type { Config } from './config.ts'
import type { Secrets } from './config/secrets.ts'
import { createCallTombstones } from './delivery/call-tombstone.ts'
import { createCapabilities } from './delivery/capabilities.ts'
import { createExpoBreakers } from './delivery/expo-breakers.ts'
import { expoPushChannel } from './delivery/expo-push-channel.ts'
import { createTestNotification } from './delivery/test-notification.ts'
import { createTokenPauses } from './delivery/token-pauses.ts'
import { webPushChannel } from './delivery/web-push-channel.ts'
import { createWithdraw } from './delivery/withdraw.ts'
import { createDeviceRegistry } from './devices/device-registry.ts'
import type { Failpoint } from './observability/failpoint.ts'
import { checkReady } from './observability/health.ts'
import { logLines } from './observability/log-lines.ts'
import { createMetrics } from './observability/metrics.ts'
import { createRelay } from './outbox/relay.ts'
import { createAccounts } from './people/accounts.ts'
import { createTokens } from './people/tokens.ts'
import { createGateway } from './realtime/gateway.ts'
import { createPresenceBoard } from './realtime/presence-board.ts'
import { openEngines, type Engines } from './open-engines.ts'
import type { Role } from './roles.ts'
import { startPushWorkers } from './start-push-workers.ts'
import { startHousekeeping } from './store/housekeeping.ts'
import type { Store } from './store/port.ts'

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
  /** Told to stop while it starts: it need not wait for engines, and rejects with the reason. */
  readonly stopping?: AbortSignal
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
  const { config, log, stopping } = options
  // Leases, retries and rings go on when somebody sets the clock back.
  const now = steadyClock(options.now ?? Date.now)
  const engines = await openEngines({ config, log, now, stopping }, opened)
  const core = createCore(options, { ...engines, now })
  opened.defer(() => core.sender.close())
  opened.defer(() => core.expoSender.close())
  opened.defer(core.hearPresence())
  const workers = startPushWorkers(options, core)
  opened.defer(() => workers.stop())
  if (options.roles.includes('api')) await startApiRole(options, core, opened)
  else {
    const { HOST: host } = config
    const health = await openHealthPort(core, { port: options.port, host, log })
    opened.defer(() => health.close())
  }
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
    ...createExpoParts(config, store, now),
    allowedHosts,
    chat: createChat(parts),
    webPush: webPushChannel(sender, now),
    capabilities: createCapabilities(secrets.jwtSecret),
    tombstones: createCallTombstones(store.deliveries, now),
    metrics: createMetrics(broker),
    /** The API alone works without the broker: the outbox keeps what it accepts. */
    ready: () =>
      checkReady(options.roles.some((role) => role !== 'api') ? { store, broker } : { store }),
    presence,
    /** What tabs of any node show, a worker that has none of them knows too. Returns the way to stop. */
    hearPresence: () =>
      broker.onBroadcast((notice) => {
        if (notice.kind === 'presence') presence.note(notice)
      }),
    appUrl: config.APP_URL ?? options.publicUrl,
  }
}

/** The way to phones, and what is known of it. */
function createExpoParts(config: Config, store: Store, now: () => number) {
  const expoSender = createExpoSender({
    baseUrl: config.EXPO_PUSH_URL,
    ...(config.EXPO_ACCESS_TOKEN === undefined ? {} : { accessToken: config.EXPO_ACCESS_TOKEN }),
    fetch,
    now,
    random: Math.random,
  })
  const receiptDelayMs = config.EXPO_RECEIPT_DELAY_SECONDS * 1000
  const expoKnowledge = { breakers: createExpoBreakers(now), pauses: createTokenPauses(now) }
  return {
    expoSender,
    expoPush: expoPushChannel({
      ...store,
      ...expoKnowledge,
      sender: expoSender,
      receiptDelayMs,
      now,
    }),
    expoKnowledge,
    receiptDelayMs,
    /** Shown to the owners of phones. */
    expoHost: new URL(config.EXPO_PUSH_URL).host,
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
  // Best effort, as every broadcast: in the store it has ended, and a logout must not wait for the broker.
  const onSessionEnded = async (sid: string) => {
    broker.broadcast({ kind: 'session_ended', sid }).catch((cause: unknown) => {
      log.warn({ err: cause }, 'Realtime: the end of a session was not announced')
    })
  }
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
      testNotification: createTestNotification({
        ...core,
        devices,
        deliveries,
        appleHint,
      }),
      withdraw: createWithdraw({ ...store, sender: core.sender, now }),
      vapidPublicKeys: [secrets.vapid, ...secrets.previousVapid].map((pair) => pair.publicKey),
      ringTimeoutSeconds: config.RING_TIMEOUT_SECONDS,
      allowedOrigins: config.ALLOWED_ORIGINS,
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
