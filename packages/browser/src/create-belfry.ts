import {
  patientStore,
  readRegistration,
  takePendingAction,
  type RecordStore,
} from '@belfry/service-worker/record'
import type { BelfryBrowser } from './belfry-browser.ts'
import { browserEnvironment, type BrowserEnvironment } from './browser-environment.ts'
import { detectBrowser } from './detect-browser.ts'
import { closeNotifications, disable } from './disable.ts'
import { askPermission, registerBrowser } from './enable.ts'
import { readCapability } from './read-capability.ts'
import type { DeviceContext } from './register-device.ts'
import { createServer } from './server.ts'
import { sync } from './sync.ts'
import { listenToWorker } from './worker-messages.ts'

export interface BelfryOptions {
  /** Where Belfry's API lives, e.g. `https://bell.example`; this page's origin when absent. */
  readonly baseUrl?: string
  /** The signed-in person's token; null when nobody is. Asked anew for every request. */
  readonly getToken: () => string | null
  /** Default `/sw.js`. Keep it there for good: another address is another subscription. */
  readonly serviceWorkerUrl?: string
  /** Default: name and system of the browser. */
  readonly deviceName?: string
  /** An id that the app keeps by itself; else one is made and kept in this browser. */
  readonly deviceId?: string
  /** For tests, and for pages that are not in a window. */
  readonly environment?: BrowserEnvironment
}

/** Signing out never waits longer for a server or a browser that does not answer. */
const disableLimitMs = 5_000

/** Makes this browser a device that rings. Does nothing by itself: call `sync` at every start. */
export function createBelfry(options: BelfryOptions): BelfryBrowser {
  const given = options.environment ?? browserEnvironment(window)
  const environment = { ...given, store: patientStore(given, given.store) }
  const { baseUrl = '', getToken } = options
  const browser = detectBrowser(environment)
  const deviceId = async () => options.deviceId ?? keptDeviceId(environment)
  const server = createServer(environment, { baseUrl, getToken })
  const context: DeviceContext = {
    environment,
    server,
    serviceWorkerUrl: options.serviceWorkerUrl ?? '/sw.js',
    deviceName: options.deviceName ?? browser.label,
    deviceId,
  }
  // One at a time: a sync that is under way must not undo a sign-out.
  let last: Promise<unknown> = Promise.resolve()
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }

  return {
    browser,
    deviceId,
    capability: () => readCapability(environment),
    async enable({ onProgress = () => {} } = {}) {
      const asked = await askPermission(environment, onProgress)
      if (asked.kind === 'granted') return inTurn(() => registerBrowser(context, onProgress))
      onProgress({ step: 'permission', outcome: 'failed' })
      return { ...asked, step: 'permission' }
    },
    sync: () => inTurn(() => sync(context, getToken)),
    async disable() {
      await Promise.race([inTurn(() => disable(context)), environment.wait(disableLimitMs)])
    },
    async test(body) {
      const reply = await server.test(body)
      return reply.kind === 'ok' ? { kind: 'sent', results: reply.body.results } : reply
    },
    onWorkerMessage: (handler) =>
      environment.workers ? listenToWorker(environment.workers, handler) : () => {},
    takePendingAction: () => takePendingAction(environment.store, environment.now()),
    closeNotifications: (tag) => closeNotifications(environment, tag),
    async thisDevice() {
      const record = await readRegistration(environment.store)
      return record?.isOn ? record.id : null
    },
  }
}

async function keptDeviceId({
  store,
  randomId,
}: {
  store: RecordStore
  randomId: () => string
}): Promise<string> {
  let id = randomId()
  await store.change('device-id', (kept) => {
    if (typeof kept === 'string') id = kept
    return id
  })
  return id
}
