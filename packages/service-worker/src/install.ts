import { onNotificationClick, type NotificationEventLike } from './on-notification-click.ts'
import { onNotificationClose } from './on-notification-close.ts'
import { onPush } from './on-push.ts'
import {
  finishRenewal,
  onSubscriptionChange,
  type SubscriptionChangeLike,
} from './on-subscription-change.ts'
import type { PushEventLike } from './read-push.ts'
import { indexedDbStore } from './record/index.ts'
import { patientStore } from './within.ts'
import type { WorkerEnvironment, WorkerRegistration, WorkerWindows } from './worker-environment.ts'

interface Extendable {
  waitUntil(work: Promise<unknown>): void
}

/** What `self` is in a service worker, as far as we use it. */
export interface WorkerScope {
  readonly registration: WorkerRegistration
  readonly clients: WorkerWindows & { claim(): Promise<void> }
  readonly indexedDB: IDBFactory
  readonly navigator: { readonly userAgent: string }
  fetch: WorkerEnvironment['fetch']
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: Extendable) => void): void
  addEventListener(type: 'push', listener: (event: Extendable & PushEventLike) => void): void
  addEventListener(
    type: 'notificationclick' | 'notificationclose',
    listener: (event: Extendable & NotificationEventLike) => void,
  ): void
  addEventListener(
    type: 'pushsubscriptionchange',
    listener: (event: Extendable & SubscriptionChangeLike) => void,
  ): void
}

export interface InstallOptions {
  /** Where Belfry's API lives, e.g. `https://bell.example`; the worker's own origin when absent. */
  readonly apiBase?: string
  /** `leave` when this worker is also another product's: its pushes are then its own to show. Default `show`. */
  readonly foreignPushes?: 'show' | 'leave'
  /** Absolute paths of pictures; calls have `/icons/call.png`. */
  readonly icons?: WorkerEnvironment['icons']
}

/** Makes a service worker ring: call it once, at the top of the script, with `self`. */
export function install(scope: WorkerScope, options: InstallOptions = {}): void {
  const environment = workerEnvironment(scope, options)
  // A page that is open now shall take a click too, and a new version need not wait for it to close.
  scope.addEventListener('install', (event) => event.waitUntil(scope.skipWaiting()))
  scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()))
  // One renewal at a time: the token of a row works once.
  let renewal = finishRenewal(environment)
  scope.addEventListener('push', (event) => {
    const shown = onPush(event, environment)
    event.waitUntil(shown)
    renewal = Promise.all([shown, renewal]).then(() => finishRenewal(environment))
    event.waitUntil(renewal)
  })
  scope.addEventListener('notificationclick', (event) =>
    event.waitUntil(onNotificationClick(event, environment)),
  )
  scope.addEventListener('notificationclose', (event) =>
    event.waitUntil(onNotificationClose(event, environment)),
  )
  scope.addEventListener('pushsubscriptionchange', (event) => {
    renewal = renewal.then(() => onSubscriptionChange(event, environment))
    event.waitUntil(renewal)
  })
}

function workerEnvironment(scope: WorkerScope, options: InstallOptions): WorkerEnvironment {
  const { userAgent } = scope.navigator
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
  return {
    registration: scope.registration,
    clients: scope.clients,
    fetch: (url, init) => scope.fetch(url, init),
    store: patientStore({ wait }, indexedDbStore(scope.indexedDB)),
    now: Date.now,
    wait,
    // Chrome, Edge and Opera claim AppleWebKit too; on iPhones they say CriOS, EdgiOS, and are WebKit.
    isWebKit: /AppleWebKit/.test(userAgent) && !/Chrom(e|ium)\//.test(userAgent),
    apiBase: options.apiBase ?? '',
    foreignPushes: options.foreignPushes,
    icons: { call: '/icons/call.png', ...options.icons },
  }
}
