import type { WorkerToPage } from '@belfry/contracts'
import type { RecordStore } from './record/index.ts'

/** Options of `showNotification`, with those that TypeScript's own declarations lack. */
export interface NotificationSettings {
  readonly body?: string
  readonly tag?: string
  readonly lang?: string
  readonly dir?: 'auto' | 'ltr' | 'rtl' | undefined
  readonly silent?: boolean
  readonly icon?: string
  readonly badge?: string
  readonly requireInteraction?: boolean
  readonly renotify?: boolean
  readonly actions?: readonly { readonly action: string; readonly title: string }[]
  /** WebKit refuses a replacement of a declarative push without it; others ignore it. */
  readonly navigate?: string
  readonly data?: unknown
}

export interface ShownNotification {
  readonly tag: string
  readonly data: unknown
  close(): void
}

/** The parts of a browser's `PushSubscription` that the worker uses. */
export interface WorkerSubscription {
  readonly endpoint: string
  toJSON(): unknown
}

export interface WorkerRegistration {
  /** Absolute address that this worker rules over, e.g. `https://app.example/`. */
  readonly scope: string
  readonly pushManager: {
    subscribe(options: {
      userVisibleOnly: boolean
      applicationServerKey: ArrayBuffer | string
    }): Promise<WorkerSubscription>
  }
  showNotification(title: string, settings: NotificationSettings): Promise<void>
  getNotifications(filter?: { tag?: string }): Promise<readonly ShownNotification[]>
}

export interface WorkerWindow {
  readonly id: string
  readonly visibilityState: string
  focus(): Promise<unknown>
  /** Rejects for a window that this worker does not control. */
  navigate(url: string): Promise<unknown>
  postMessage(message: WorkerToPage, transfer: MessagePort[]): void
}

export interface WorkerWindows {
  /** Last focused first. */
  matchAll(query: {
    type: 'window'
    includeUncontrolled: boolean
  }): Promise<readonly WorkerWindow[]>
  openWindow(url: string): Promise<unknown>
}

/** The parts of an HTTP answer that the worker reads. */
export interface HttpAnswer {
  readonly ok: boolean
  readonly status: number
  json(): Promise<unknown>
}

/** All that the handlers touch: a test gives its own. */
export interface WorkerEnvironment {
  readonly registration: WorkerRegistration
  readonly clients: WorkerWindows
  fetch(
    url: string,
    init?: {
      method: string
      headers: Record<string, string>
      body: string
      keepalive: boolean
    },
  ): Promise<HttpAnswer>
  /** MUST neither fail nor hang: `patientStore`. */
  readonly store: RecordStore
  /** Milliseconds since 1970 by this device's clock. */
  now(): number
  wait(ms: number): Promise<void>
  /** Safari, and every browser on iPhone and iPad. */
  readonly isWebKit: boolean
  /** Where the API lives; empty for the worker's own origin. */
  readonly apiBase: string
  /** What to do about another product's push in a worker that we share with a host app. */
  readonly foreignPushes?: 'show' | 'leave' | undefined
  readonly icons: { readonly call?: string; readonly message?: string }
}
