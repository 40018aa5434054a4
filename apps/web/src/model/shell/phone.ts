import type { CapabilityState, PendingAction, WorkerMessageHandler } from '@belfry/browser'
import type { WorkerToPage } from '@belfry/contracts'
import type { Api } from '../api.ts'
import type { Clock } from '../clock.ts'
import type { SessionStore } from '../session.ts'
import type { KeyValueStorage } from '../storage.ts'
import type { PostToShell } from './find-shell.ts'
import { keepPhoneNotices, type PhoneNoticesOptions } from './phone-notices.ts'
import { PhoneRegistration } from './phone-registration.ts'
import { awaitsToken, phoneCapability, type PhoneSnapshot } from './phone-state.ts'
import { openShellBridge, type ShellBridge } from './shell-bridge.ts'
import type { PageMessage, ShellMessage } from './shell-message.ts'

export interface PhoneOptions {
  readonly page: Pick<Window, 'addEventListener' | 'removeEventListener' | 'location' | 'document'>
  readonly post: PostToShell
  readonly session: SessionStore
  readonly api: Pick<Api, 'registerPhone' | 'forgetPhone' | 'logout'>
  readonly storage: KeyValueStorage
  readonly clock: Clock
  /** An id for this WebView's own storage, while the app names none. */
  readonly ownDeviceId: () => Promise<string>
}

/** What exists while somebody is signed in, as far as the phone takes part in it. */
export interface PhoneCompany extends Omit<PhoneNoticesOptions, 'phone'> {
  /** The app has named this installation, or named it anew: the server is to know the page by it. */
  readonly onDeviceId: () => void
  /** Whether this phone rings, or its row on the server, may be another than before. */
  readonly onChange: () => void
}

/** The longest ring is 120 s: an older choice answers nothing any more. */
const staleAfterMs = 120_000
/** What needs an id is not kept waiting longer for an app that does not name one. */
const nameWithinMs = 2000
/** Of the count on the app's icon; the shell takes no more. */
const mostUnread = 99_999

/** The app on a phone that this page runs in: what it says, and what it is asked. Open from `start` on. */
export class Phone {
  readonly #options: PhoneOptions
  readonly #registration: PhoneRegistration
  readonly #listeners = new Set<() => void>()
  readonly #handlers = new Set<WorkerMessageHandler>()
  #bridge: ShellBridge | null = null
  #choice: (PendingAction & { readonly atMs: number }) | null = null
  #open: (path: string) => void = () => undefined
  #snapshot: PhoneSnapshot = {
    shell: 'asked',
    permission: 'undetermined',
    trouble: null,
    hasToken: false,
    isOff: false,
    registration: { kind: 'idle' },
  }

  constructor(options: PhoneOptions) {
    const { session, storage, api } = options
    this.#options = options
    this.#registration = new PhoneRegistration({
      session,
      storage,
      register: api.registerPhone,
      onChange: () => this.#set({}),
    })
  }

  /**
   * Asks the app whether it is there, and carries out what it says from then on.
   * @param open goes to a path of this app
   */
  start(open: (path: string) => void): void {
    const { page, post, clock } = this.#options
    this.#open = open
    page.document.addEventListener('visibilitychange', this.#onFront)
    page.addEventListener('online', this.#onFront)
    this.#bridge = openShellBridge({
      page,
      post,
      clock,
      onMessage: (message) => this.#take(message),
      onSilence: () => this.#snapshot.shell === 'asked' && this.#set({ shell: 'silent' }),
    })
  }

  close(): void {
    const { page } = this.#options
    page.document.removeEventListener('visibilitychange', this.#onFront)
    page.removeEventListener('online', this.#onFront)
    this.#bridge?.close()
    this.#bridge = null
  }

  readonly snapshot = (): PhoneSnapshot => this.#snapshot

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Waits until it is known. */
  async capability(): Promise<CapabilityState> {
    await this.#until((phone) => phoneCapability(phone) !== null)
    return phoneCapability(this.#snapshot) ?? 'unsupported'
  }

  /** This installation's id, which the server knows it by; this WebView's own while the app names none. */
  async deviceId(): Promise<string> {
    const isSettled = (phone: PhoneSnapshot): boolean =>
      this.#registration.deviceId() !== null || !awaitsToken(phone)
    await Promise.race([this.#until(isSettled), this.#later(nameWithinMs)])
    return this.#registration.deviceId() ?? this.#options.ownDeviceId()
  }

  /** The id of this phone's row on the server; null while it has none. */
  rowId(): string | null {
    const { registration } = this.#snapshot
    return registration.kind === 'saved' || registration.kind === 'under_way'
      ? registration.id
      : null
  }

  /** Makes notifications possible: the app asks where asking is still allowed, else opens the phone's settings. */
  openSettings(): void {
    this.#send({ type: 'OPEN_SETTINGS' })
  }

  /** Tells the server of this phone once more. Null when there is nothing to tell. */
  renew(): ReturnType<PhoneRegistration['renew']> {
    return this.#registration.renew()
  }

  /** Off: the server forgets this phone, and is not told of it until it is on again. */
  async turn(to: 'on' | 'off'): Promise<void> {
    const deviceId = await this.deviceId()
    this.#registration.setOff(to === 'off')
    if (to === 'off') await this.#options.api.forgetPhone(deviceId)
  }

  /**
   * Signs this phone out: the server ends the session and forgets the phone, then the app takes
   * away what it shows. Waits for the server no longer than this; the session is to be dropped next.
   */
  async signOut(patienceMs: number): Promise<void> {
    const late = this.#later(patienceMs)
    const deviceId = await this.deviceId()
    // A registration on its way would come after the end of it.
    await Promise.race([this.#registration.hold(), late])
    await Promise.race([this.#options.api.logout({ deviceId }), late])
    this.#send({ type: 'SIGN_OUT' })
  }

  /** Back to the question for the server: this one is not to ring a phone that has left it. */
  async changeServer(patienceMs: number): Promise<void> {
    const late = this.#later(patienceMs)
    const deviceId = await this.deviceId()
    await Promise.race([this.#registration.hold(), late])
    await Promise.race([this.#options.api.forgetPhone(deviceId), late])
    this.#send({ type: 'CHANGE_SERVER' })
    // Whoever comes back to this page uses this server again.
    this.#registration.release()
  }

  /** The page deals with it by itself: takes the notification with this tag away. */
  dismiss(tag: string): void {
    this.#send({ type: 'DISMISS', id: tag })
  }

  /** The number on the app's icon; 0 clears it. */
  badge(unread: number): void {
    this.#send({ type: 'BADGE', count: Math.min(unread, mostUnread) })
  }

  /** While somebody is signed in. Returns what ends it. */
  accompany({ onDeviceId, onChange, ...notices }: PhoneCompany): () => void {
    let before = this.#standing()
    const stopNotices = keepPhoneNotices({ ...notices, phone: this })
    const stop = this.subscribe(() => {
      const now = this.#standing()
      const { deviceId, state, rowId } = before
      before = now
      if (now.deviceId !== deviceId) onDeviceId()
      if (now.state !== state || now.rowId !== rowId) onChange()
    })
    return () => {
      stopNotices()
      stop()
    }
  }

  /** Hears what the person chose on a notification, as from a service worker. */
  onChoice(handler: WorkerMessageHandler): () => void {
    this.#handlers.add(handler)
    return () => this.#handlers.delete(handler)
  }

  /** What the person chose while nobody was there to hear of it: once, and null when stale. */
  takeChoice(): PendingAction | null {
    const choice = this.#choice
    this.#choice = null
    if (choice === null || this.#options.clock.now() - choice.atMs > staleAfterMs) return null
    const { sessionId, callerUid, action } = choice
    return { sessionId, callerUid, action }
  }

  readonly #onFront = (): void => {
    if (this.#options.page.document.visibilityState === 'visible') this.#registration.retry()
  }

  #take(message: ShellMessage): void {
    switch (message.type) {
      case 'PERMISSION': {
        const { state, trouble } = message
        if (state !== 'granted') this.#registration.drop()
        // Expo cannot be asked without a network: the token that we have is good until it is changed.
        const hasToken = this.#registration.hasToken()
        this.#set({ shell: 'answered', permission: state, trouble: hasToken ? null : trouble })
        return
      }
      case 'EXPO_PUSH_TOKEN':
        this.#registration.take(message.token)
        this.#set({ shell: 'answered', permission: 'granted', trouble: null })
        return
      case 'NAVIGATE':
        this.#open(message.path)
        return
      case 'CALL_ACTION':
        void this.#offer({
          type: 'incoming_call_click',
          sessionId: message.sessionId,
          callerUid: '',
          action: message.action,
        })
    }
  }

  async #offer(click: Extract<WorkerToPage, { type: 'incoming_call_click' }>): Promise<void> {
    for (const handler of this.#handlers) if (await handler(click)) return
    const { sessionId, callerUid, action } = click
    this.#choice = { sessionId, callerUid, action, atMs: this.#options.clock.now() }
  }

  #standing() {
    const state = phoneCapability(this.#snapshot)
    return { deviceId: this.#registration.deviceId(), state, rowId: this.rowId() }
  }

  #send(message: PageMessage): void {
    this.#bridge?.send(message)
  }

  #set(change: Partial<PhoneSnapshot>): void {
    this.#snapshot = {
      ...this.#snapshot,
      ...change,
      hasToken: this.#registration.hasToken(),
      isOff: this.#registration.isOff(),
      registration: this.#registration.state(),
    }
    for (const listener of this.#listeners) listener()
  }

  #until(holds: (phone: PhoneSnapshot) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!holds(this.#snapshot)) return
        stop()
        resolve()
      }
      const stop = this.subscribe(look)
      look()
    })
  }

  #later(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#options.clock.after(resolve, ms))
  }
}
