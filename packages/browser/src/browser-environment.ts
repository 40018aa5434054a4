import { indexedDbStore, memoryStore, type RecordStore } from '@belfry/service-worker/record'
import type { BrowserTraits } from './detect-browser.ts'
import type { PushPort } from './subscribe.ts'

export type Permission = 'default' | 'granted' | 'denied'

/** The parts of a `ServiceWorkerRegistration` that the page uses. */
export interface WorkerHandle {
  readonly pushManager: PushPort
  getNotifications(filter?: {
    tag?: string
  }): Promise<readonly { readonly data: unknown; close(): void }[]>
}

export interface WorkerMessageEvent {
  readonly data: unknown
  readonly ports: readonly { postMessage(message: unknown): void }[]
}

/** The parts of `navigator.serviceWorker` that the page uses. */
export interface WorkerContainer {
  readonly ready: Promise<WorkerHandle>
  register(url: string, options: { updateViaCache: 'none' }): Promise<WorkerHandle>
  getRegistration(): Promise<WorkerHandle | undefined>
  startMessages(): void
  addEventListener(type: 'message', listener: (event: WorkerMessageEvent) => void): void
  removeEventListener(type: 'message', listener: (event: WorkerMessageEvent) => void): void
}

/** The parts of an HTTP answer that the page reads. */
export interface HttpAnswer {
  readonly ok: boolean
  readonly status: number
  json(): Promise<unknown>
}

export interface HttpRequest {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: string
}

/** All of the browser that the SDK touches: a test gives its own. */
export interface BrowserEnvironment extends BrowserTraits {
  readonly isSecureContext: boolean
  /** Opened from the Home Screen or as an installed app. */
  readonly isStandalone: boolean
  readonly hasPushManager: boolean
  /** Null where there is no `Notification`: a Safari tab on an iPhone. */
  readonly notifications: {
    permission(): Permission
    request(): Promise<Permission>
  } | null
  /** Null in private windows of Firefox, and on insecure pages. */
  readonly workers: WorkerContainer | null
  readonly store: RecordStore
  fetch(url: string, request: HttpRequest): Promise<HttpAnswer>
  /** Milliseconds since 1970 by this device's clock. */
  now(): number
  wait(ms: number): Promise<void>
  randomId(): string
}

/** The environment of a real page. */
export function browserEnvironment(page: Window & typeof globalThis): BrowserEnvironment {
  const { navigator } = page
  return {
    userAgent: navigator.userAgent,
    maxTouchPoints: navigator.maxTouchPoints,
    isBrave: 'brave' in navigator,
    isSecureContext: page.isSecureContext,
    isStandalone:
      page.matchMedia('(display-mode: standalone), (display-mode: fullscreen)').matches ||
      ('standalone' in navigator && navigator.standalone === true),
    hasPushManager: 'PushManager' in page,
    notifications:
      'Notification' in page
        ? {
            permission: () => page.Notification.permission,
            request: () => page.Notification.requestPermission(),
          }
        : null,
    workers: 'serviceWorker' in navigator ? navigator.serviceWorker : null,
    store: 'indexedDB' in page ? indexedDbStore(page.indexedDB) : memoryStore(),
    fetch: (url, request) => page.fetch(url, request),
    now: Date.now,
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    randomId: () => page.crypto.randomUUID(),
  }
}
