import { readRegistration } from '@belfry/service-worker/record'
import type { BrowserEnvironment, WorkerContainer } from './browser-environment.ts'
import type { Capability, CapabilityState } from './capability.ts'
import { currentWorker } from './current-worker.ts'
import { detectBrowser } from './detect-browser.ts'
import { failure } from './failure.ts'

type Finding = readonly [state: CapabilityState, detail?: string]

/** What stands in the way before anybody can be asked; null when nothing does. */
export function obstacle(
  environment: BrowserEnvironment,
): 'insecure' | 'needs_install' | 'private_window' | 'unsupported' | null {
  const { os } = detectBrowser(environment)
  if (!environment.isSecureContext) return 'insecure'
  if ((os === 'iOS' || os === 'iPadOS') && !environment.isStandalone) return 'needs_install'
  // Gecko hides service workers in private windows; it has had them everywhere else since 2016.
  const isGecko = /\bGecko\/\d/.test(environment.userAgent)
  if (!environment.workers) return isGecko ? 'private_window' : 'unsupported'
  return environment.notifications && environment.hasPushManager ? null : 'unsupported'
}

/** What this browser can do, and what was decided. Asks nobody, changes nothing. */
export async function readCapability(environment: BrowserEnvironment): Promise<Capability> {
  const [state, detail] = await find(environment)
  const browser = detectBrowser(environment)
  return detail === undefined ? { state, browser } : { state, browser, detail }
}

async function find(environment: BrowserEnvironment): Promise<Finding> {
  const { notifications, workers, store } = environment
  const hindered = obstacle(environment)
  if (hindered) return [hindered, failure(hindered).sentence]
  if (!notifications || !workers) return ['unsupported']
  const permission = notifications.permission()
  if (permission === 'denied') {
    const isPrivate = (await store.read('refused-unasked')) === true
    return isPrivate
      ? ['private_window', failure('private_window').sentence]
      : ['blocked', failure('permission_denied').sentence]
  }
  return permission === 'default' ? ['not_asked'] : ofGranted(environment, workers)
}

async function ofGranted(
  { store }: BrowserEnvironment,
  workers: WorkerContainer,
): Promise<Finding> {
  const record = await readRegistration(store)
  if (!record?.isOn) return ['off']
  const worker = await currentWorker(workers)
  if (!worker)
    return ['broken', 'The browser removed the part of this app that works in the background.']
  const subscription = await worker.pushManager.getSubscription()
  if (!subscription) return ['broken', 'The browser dropped its registration.']
  const isKnown = subscription.endpoint === record.endpoint && !record.isRenewalPending
  return isKnown
    ? ['on']
    : ['broken', 'The server has not heard of this browser’s new registration.']
}
