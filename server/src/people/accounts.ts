import type { LoginBody, RegisterBody, UpdateMeBody } from '@belfry/contracts'
import type { Store } from '../store/port.ts'
import { hashPassword, verifyPassword } from './password.ts'
import type { Person } from './person.ts'
import type { Claims, TokenRefusal, Tokens } from './tokens.ts'

export interface SignedIn {
  readonly kind: 'signed_in'
  readonly token: string
  readonly person: Person
}

export type Refused<Code extends string> = { readonly kind: 'refused'; readonly code: Code }

/** Who asks: the person, and the session when the token is one of ours. */
export interface Identity {
  readonly userId: string
  readonly sid: string | null
  /** When the token ends by itself. */
  readonly expiresAtMs: number
}

/** What a token comes to. */
export type Identified =
  | { readonly kind: 'identified'; readonly identity: Identity }
  | { readonly kind: 'refused'; readonly reason: TokenRefusal }

/** Signing up, in and out, and telling from a token who asks. */
export interface Accounts {
  register(body: RegisterBody): Promise<SignedIn | Refused<'USERNAME_TAKEN'>>
  login(body: LoginBody): Promise<SignedIn | Refused<'WRONG_CREDENTIALS'>>
  /** Ends the session of a token of ours; a foreign token cannot be ended by us. */
  logout(identity: Identity): Promise<void>
  /** An unknown `sub` of a valid token becomes a person here. */
  identify(token: string): Promise<Identified>
  update(userId: string, change: UpdateMeBody): Promise<Person | null>
}

export interface AccountsOptions {
  readonly store: Pick<Store, 'people' | 'sessions'>
  readonly tokens: Tokens
  readonly now: () => number
  readonly newId: () => string
  /** Told after a session ended, so that every process cuts its sockets. */
  readonly onSessionEnded: (sid: string) => Promise<void>
}

export function createAccounts(options: AccountsOptions): Accounts {
  const { store, tokens, now } = options
  return {
    register: (body) => register(options, body),
    async login(body) {
      const person = await store.people.byUsername(body.username)
      const right = await verifyPassword(body.password, person?.passwordHash ?? null)
      if (person === null || !right) return { kind: 'refused', code: 'WRONG_CREDENTIALS' }
      return signIn(options, person)
    },
    async logout(identity) {
      if (identity.sid === null) return
      await store.sessions.end(identity.sid)
      await options.onSessionEnded(identity.sid)
    },
    async identify(token) {
      const answer = await tokens.verify(token)
      if (answer.kind === 'refused') return answer
      const { claims } = answer
      const isLive = claims.sid === null || (await store.sessions.isLive(claims.sid, now()))
      if (!isLive || !(await isKnown(options, claims))) return { kind: 'refused', reason: 'ended' }
      const { sub: userId, sid, expiresAtMs } = claims
      return { kind: 'identified', identity: { userId, sid, expiresAtMs } }
    },
    update: (userId, change) => store.people.update(userId, change),
  }
}

async function register(
  options: AccountsOptions,
  body: RegisterBody,
): ReturnType<Accounts['register']> {
  const { people } = options.store
  // A taken name costs no hash; whom a race lets by is told by the insert.
  if ((await people.byUsername(body.username)) !== null)
    return { kind: 'refused', code: 'USERNAME_TAKEN' }
  const person: Person = {
    id: options.newId(),
    username: body.username,
    displayName: body.displayName ?? body.username,
    email: body.email ?? null,
    phone: body.phone ?? null,
    locale: null,
    passwordHash: await hashPassword(body.password),
    createdAtMs: options.now(),
  }
  if ((await people.insert(person)) !== 'inserted')
    return { kind: 'refused', code: 'USERNAME_TAKEN' }
  return signIn(options, person)
}

async function signIn(options: AccountsOptions, person: Person): Promise<SignedIn> {
  const sid = options.newId()
  const { token, expiresAtMs } = await options.tokens.sign(person.id, sid)
  await options.store.sessions.insert({ sid, userId: person.id, expiresAtMs })
  return { kind: 'signed_in', token, person }
}

/** Whether there is such a person; whom another issuer vouches for is made one at first use. */
async function isKnown({ store, now }: AccountsOptions, claims: Claims): Promise<boolean> {
  if ((await store.people.byId(claims.sub)) !== null) return true
  if (claims.sid !== null) return false
  // A race with the person's other requests is no matter: one of them has made the row.
  await store.people.insert({
    id: claims.sub,
    username: null,
    displayName: claims.name ?? claims.sub.slice(0, 80),
    email: claims.email,
    phone: claims.phone,
    locale: claims.locale,
    passwordHash: null,
    createdAtMs: now(),
  })
  return true
}
