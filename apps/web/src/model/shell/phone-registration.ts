import type { Problem, PushSubscription, RegisterExpoTokenBody } from '@belfry/contracts'
import type { Reply } from '../request.ts'
import type { SessionStore } from '../session.ts'
import { keep, kept, type KeyValueStorage } from '../storage.ts'
import type { PhoneToken } from './shell-message.ts'

/**
 * What the server knows of this phone, for the person who is signed in.
 *
 *   idle       nobody is signed in, there is no token yet, or the person turned it off
 *   under_way  the server is being told; `id` is the row of before, if there was one
 *   saved      the server pushes to this phone
 *   failed     it does not, and why
 *
 * A server that cannot be reached has forgotten nothing: a phone that was saved stays so, and is told
 * of again at the next `retry`.
 */
export type PhoneRegistrationState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'under_way'; readonly id: string | null }
  | { readonly kind: 'saved'; readonly id: string }
  | { readonly kind: 'failed'; readonly problem: Problem }

export interface PhoneRegistrationOptions {
  readonly session: SessionStore
  readonly storage: KeyValueStorage
  readonly register: (body: RegisterExpoTokenBody) => Promise<Reply<PushSubscription>>
  readonly onChange: () => void
}

/** Kept between starts: which row this installation has, and whose it is. */
interface KeptRow {
  readonly userId: string
  readonly deviceId: string
  readonly id: string
}

/** What the server should be told now. */
interface Wish {
  readonly userId: string
  readonly token: PhoneToken
  /** The same for the same session and token. */
  readonly key: string
}

const rowKey = 'belfry.phone'
const offKey = 'belfry.phone.off'

/**
 * Keeps the server's knowledge of this phone's token current: at sign-in, whenever the shell names
 * the token (at each start, and whenever the app comes to the front), and when it changes. One
 * request at a time; what changes meanwhile follows it.
 */
export class PhoneRegistration {
  readonly #options: PhoneRegistrationOptions
  #token: PhoneToken | null = null
  #state: PhoneRegistrationState = { kind: 'idle' }
  #running: Promise<void> | null = null
  #answer: Reply<PushSubscription> | null = null
  #isDue = false
  #isHeld = false

  constructor(options: PhoneRegistrationOptions) {
    this.#options = options
    options.session.subscribe(() => {
      this.#isHeld = false
      this.#set({ kind: 'idle' })
      this.#begin()
    })
  }

  readonly state = (): PhoneRegistrationState => this.#state

  readonly hasToken = (): boolean => this.#token !== null

  /** This installation's id as the shell named it, now or at an earlier start; null before the first time. */
  deviceId(): string | null {
    return this.#token?.deviceId ?? keptRow(this.#options.storage)?.deviceId ?? null
  }

  /** The shell has named the token. */
  take(token: PhoneToken): void {
    this.#token = token
    this.#begin()
  }

  /** There is no token: notifications were taken away from the app. */
  drop(): void {
    this.#token = null
    this.#set({ kind: 'idle' })
  }

  /** The app is in front or online again: what did not work before is tried once more. */
  retry(): void {
    if (this.#isDue) this.#begin()
  }

  /** Tells the server now. Null when there is nothing to tell. */
  async renew(): Promise<Reply<PushSubscription> | null> {
    this.#answer = null
    this.#begin()
    await this.#running
    return this.#answer
  }

  /**
   * The server is about to forget this phone: from here on it is told nothing, until the session
   * changes or `release`. Resolves when it has answered what it was told before.
   */
  async hold(): Promise<void> {
    this.#isHeld = true
    await this.#running
    keep(this.#options.storage, rowKey, null)
    this.#set({ kind: 'idle' })
  }

  release(): void {
    this.#isHeld = false
  }

  /** The person does not want this phone to ring for them. */
  isOff(): boolean {
    const { session, storage } = this.#options
    const person = session.get()?.user.id
    return person !== undefined && kept(storage, offKey) === person
  }

  setOff(isOff: boolean): void {
    const { session, storage } = this.#options
    keep(storage, offKey, isOff ? (session.get()?.user.id ?? null) : null)
    if (!isOff) return
    keep(storage, rowKey, null)
    this.#set({ kind: 'idle' })
  }

  #begin(): void {
    const wish = this.#wish()
    // What runs looks at the wish again when it is done.
    if (wish !== null) this.#running ??= this.#work(wish)
  }

  async #work(first: Wish): Promise<void> {
    try {
      let wish: Wish | null = first
      let told: string
      do {
        told = wish.key
        await this.#tell(wish)
        wish = this.#wish()
      } while (wish !== null && wish.key !== told)
    } finally {
      this.#running = null
    }
  }

  #wish(): Wish | null {
    const session = this.#options.session.get()
    const token = this.#token
    if (session === null || token === null || this.#isHeld || this.isOff()) return null
    return { userId: session.user.id, token, key: JSON.stringify([session.token, token]) }
  }

  async #tell(wish: Wish): Promise<void> {
    const { storage, register } = this.#options
    const { userId, token, key } = wish
    const { deviceId } = token
    const row = keptRow(storage)
    const known = row?.userId === userId && row.deviceId === deviceId ? row : null
    this.#isDue = false
    this.#set({ kind: 'under_way', id: known?.id ?? null })
    const answer = await register(registration(token, known === null))
    // The row of before was removed elsewhere, so this one has no name of ours yet.
    const isNameless = known !== null && answer.ok && answer.value.id !== known.id
    const reply = isNameless ? await register(registration(token, true)) : answer
    // The person or the token has changed meanwhile: this answer is about the past.
    if (this.#wish()?.key !== key) return
    this.#answer = reply
    if (reply.ok) {
      const { id } = reply.value
      keep(storage, rowKey, { userId, deviceId, id } satisfies KeptRow)
      this.#set({ kind: 'saved', id })
      return
    }
    this.#isDue = true
    const { problem } = reply
    if (known !== null && isPassing(problem)) this.#set({ kind: 'saved', id: known.id })
    else this.#set({ kind: 'failed', problem })
  }

  #set(state: PhoneRegistrationState): void {
    this.#state = state
    this.#options.onChange()
  }
}

/**
 * @param isNew the phone's own name is told once: its owner may have given it a better one since
 */
function registration(phone: PhoneToken, isNew: boolean): RegisterExpoTokenBody {
  const { token, platform, deviceId, projectId, deviceName, appVersion, drawsRings } = phone
  return {
    token,
    deviceId,
    projectId,
    // Without a platform the server sends titles, which the system draws.
    ...(platform === 'android' && !drawsRings ? {} : { platform }),
    ...(isNew && deviceName !== null ? { deviceName } : {}),
    ...(appVersion === null ? {} : { appVersion }),
  }
}

/** It says nothing of this phone: the same request may be taken later. */
function isPassing({ status }: Problem): boolean {
  return status === 0 || status === 429 || status >= 500
}

function keptRow(storage: KeyValueStorage): KeptRow | null {
  const value = kept(storage, rowKey)
  if (typeof value !== 'object' || value === null) return null
  if (!('userId' in value) || !('deviceId' in value) || !('id' in value)) return null
  const { userId, deviceId, id } = value
  if (typeof userId !== 'string' || typeof deviceId !== 'string' || typeof id !== 'string')
    return null
  return { userId, deviceId, id }
}
