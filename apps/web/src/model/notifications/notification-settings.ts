import type { Capability, FailureCode } from '@belfry/browser'
import type { PushSubscription } from '@belfry/contracts'
import type { RingingDevice } from '../ringing-device.ts'
import { stepOf, type NotificationTest } from './notification-test.ts'
import { runNotificationTest, type TestPort } from './run-notification-test.ts'
import type { TestCheck } from './test-checks.ts'
import type { TestWords } from './test-words.ts'

export interface NotificationSettingsOptions {
  readonly belfry: Pick<
    RingingDevice,
    'capability' | 'disable' | 'enable' | 'sync' | 'test' | 'thisDevice'
  >
  readonly permission: () => 'default' | 'granted' | 'denied'
  /** What has to be so before a test is sent from this device, and what is said of it. */
  readonly checks: readonly TestCheck[]
  readonly words: TestWords
  /** The person's devices as the server has them now. */
  readonly devices: () => Promise<readonly PushSubscription[]>
  /** Calls back when the server says that this device showed a notification. */
  readonly onShown: (id: string, listener: () => void) => () => void
  /** The person's devices may have changed on the server. */
  readonly onChanged: () => void
  readonly now: () => number
  readonly schedule: (run: () => void, ms: number) => () => void
}

export interface NotificationSnapshot {
  /** Null until the browser has been asked. */
  readonly capability: Capability | null
  /** The id of this device's row on the server; null without one. */
  readonly thisDevice: string | null
  /** The browser's own question is open. */
  readonly isAsking: boolean
  /** *Enable*, *Repair* or *Check again* is under way. */
  readonly isWorking: boolean
  /** Why the last *Enable* or *Repair* did not work, and what to do. */
  readonly failure: string | null
  readonly test: NotificationTest | null
  readonly unshown: { readonly lastShownAt: string | null } | null
}

/** These have a state of their own: the status line says them, and once is enough. */
const saidByTheLine: ReadonlySet<FailureCode> = new Set([
  'permission_denied',
  'private_window',
  'unsupported',
  'insecure',
  'needs_install',
])

/** This device and its notifications, as the settings page shows them. */
export class NotificationSettings {
  readonly #options: NotificationSettingsOptions
  readonly #listeners = new Set<() => void>()
  #stopTest: () => void = () => undefined
  #snapshot: NotificationSnapshot = {
    capability: null,
    thisDevice: null,
    isAsking: false,
    isWorking: false,
    failure: null,
    test: null,
    unshown: null,
  }

  constructor(options: NotificationSettingsOptions) {
    this.#options = options
  }

  readonly snapshot = (): NotificationSnapshot => this.#snapshot

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Looks at the browser again; asks nobody. */
  async refresh(): Promise<void> {
    const { belfry } = this.#options
    const [capability, thisDevice] = await Promise.all([belfry.capability(), belfry.thisDevice()])
    this.#set({ capability, thisDevice })
  }

  /** *Check again*: the browser and the server are compared, and mended where no prompt is needed. */
  async check(): Promise<void> {
    if (this.#snapshot.isWorking) return
    this.#set({ isWorking: true, failure: null })
    await this.#options.belfry.sync()
    await this.#settled({})
  }

  /** *Enable* and *Repair*. Call it inside the click, or the browser does not ask. */
  async enable(): Promise<void> {
    if (this.#snapshot.isWorking) return
    this.#set({ isWorking: true, failure: null })
    const result = await this.#options.belfry.enable({
      onProgress: ({ step, outcome }) => {
        const isOpen = step === 'permission' && outcome === 'started'
        this.#set({ isAsking: isOpen && this.#options.permission() === 'default' })
      },
    })
    const isSaid = result.kind === 'enabled' || saidByTheLine.has(result.code)
    await this.#settled({
      isAsking: false,
      failure: isSaid ? null : result.sentence,
      unshown: null,
    })
  }

  /** Forgets this browser: it is silent until enabled again. */
  async disable(): Promise<void> {
    await this.#options.belfry.disable()
    await this.#settled({ test: null, unshown: null, failure: null })
  }

  /** Runs a test on this browser. A test that runs already is left alone. */
  async test(kind: 'message' | 'call', delayMs: number): Promise<void> {
    if (this.#snapshot.isWorking) return
    this.#stopTest()
    this.#set({ isWorking: true, failure: null, unshown: null })
    let before: string | null = null
    const { checks, words, now, schedule } = this.#options
    const run = runNotificationTest({
      kind,
      delayMs,
      checks,
      words,
      port: this.#port((row) => {
        before = row.lastShownAt
      }),
      now,
      sleep: (ms) => new Promise((wake) => schedule(wake, ms)),
      emit: (test) => this.#set({ test }),
    })
    this.#stopTest = run.stop
    const test = await run.finished
    const isUnshown = test.acceptedAtMs !== null && stepOf(test, 'shown').state === 'failed'
    await this.#settled({ unshown: isUnshown ? { lastShownAt: before } : null })
  }

  /** Hears no more of a test that runs. */
  stop(): void {
    this.#stopTest()
  }

  #port(onRow: (row: PushSubscription) => void): TestPort {
    const { belfry, devices, onShown } = this.#options
    return {
      onShown,
      async saved() {
        const synced = await belfry.sync()
        if (synced.kind !== 'in_sync' && synced.kind !== 'repaired') return null
        onRow(synced.device)
        return synced.device
      },
      async send(id, kind) {
        const outcome = await belfry.test({ id, kind })
        if (outcome.kind === 'failed') return null
        return outcome.results.find((result) => result.id === id) ?? null
      },
      async lastShownAt(id) {
        return (await devices()).find((device) => device.id === id)?.lastShownAt ?? null
      },
    }
  }

  /** The work is done: look at what it left, then show both at once. */
  async #settled(change: Partial<NotificationSnapshot>): Promise<void> {
    this.#options.onChanged()
    await this.refresh()
    this.#set({ ...change, isWorking: false })
  }

  #set(change: Partial<NotificationSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change }
    for (const listener of this.#listeners) listener()
  }
}
