import type { WorkerToPage } from '@belfry/contracts'
import type { PendingAction } from '@belfry/service-worker/record'
import type { Capability } from './capability.ts'
import type { BrowserDescription } from './detect-browser.ts'
import type { EnableProgress, EnableResult, SyncResult, TestOutcome } from './enable-result.ts'

export interface EnableOptions {
  /** Called as each step starts, is done or fails. */
  readonly onProgress?: (progress: EnableProgress) => void
}

export interface TestOptions {
  readonly kind: 'message' | 'call'
  /** The device's id on the server; every device of the person when absent. */
  readonly id?: string
}

/** What a page does about a message of the worker; true means: I have taken this over. */
export type WorkerMessageHandler = (message: WorkerToPage) => boolean | Promise<boolean>

/** This browser as a device that rings. Nothing here throws on what can be expected to go wrong: results are values. */
export interface BelfryBrowser {
  /** What this browser can do, and what was decided. Asks nobody, changes nothing. */
  capability(): Promise<Capability>
  /**
   * Turns notifications on. Call it inside a click: browsers ask only then. Also the repair of a
   * `broken` browser (no prompt when the permission is granted). At most about half a minute.
   */
  enable(options?: EnableOptions): Promise<EnableResult>
  /** Compares this browser with the server and mends what differs, without a prompt. Call at every start and every 24 h. */
  sync(): Promise<SyncResult>
  /**
   * Unsubscribes, forgets this browser on the server, closes what is shown. For sign-out call it
   * *before* the session is dropped. Resolves also when the server cannot be reached.
   */
  disable(): Promise<void>
  /** Sends a test notification through the real push service. */
  test(options: TestOptions): Promise<TestOutcome>
  /**
   * Hears the worker. When the handler answers true, the worker leaves the matter to this page:
   * it shows no ring, opens no window. Rings and chats must be answered within 500 ms, clicks within 800 ms.
   * @returns stops listening
   */
  onWorkerMessage(handler: WorkerMessageHandler): () => void
  /** What the person chose on a notification that no page had heard of yet; once, and null when stale. Ask at start and on focus. */
  takePendingAction(): Promise<PendingAction | null>
  /** Closes the notifications with that tag (`call-<sessionId>`, `chat-<conversationId>`). */
  closeNotifications(tag: string): Promise<void>
  /** This browser profile: random, made once, kept. */
  deviceId(): Promise<string>
  /** The id of this browser's row on the server; null when it has none. */
  thisDevice(): Promise<string | null>
  /** Name and system of this browser, for words on the screen. */
  readonly browser: BrowserDescription
}
