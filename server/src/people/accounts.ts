import type { LoginBody, RegisterBody, UpdateMeBody } from '@belfry/contracts'
import type { Store } from '../store/port.ts'
import { hashPassword, verifyPassword } from './password.ts'
import type { Person } from './person.ts'
import type { Claims, Tokens } from './tokens.ts'

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
}

/** Signing up, in and out, and telling from a token who asks. */
export interface Accounts {
  register(body: RegisterBody): Promise<SignedIn | Refused<'USERNAME_TAKEN'>>
  login(body: LoginBody): Promise<SignedIn | Refused<'WRONG_CREDENTIALS'>>
  /** Ends the session of a token of ours; a foreign token cannot be ended by us. */
  logout(identity: Identity): Promise<void>
  /** Null: not signed in. An unknown `sub` of a valid token becomes a person here. */
  identify(token: string): Promise<Identity | null>
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
  const { store, tokens, now, newId } = options

  async function signIn(person: Person): Promise<SignedIn> {
    const sid = newId()
    const { token, expiresAtMs } = await tokens.sign(person.id, sid)
    await store.sessions.insert({ sid, userId: person.id, expiresAtMs })
    return { kind: 'signed_in', token, person }
  }

  async function knownPerson(claims: Claims): Promise<boolean> {
    if ((await store.people.byId(claims.sub)) !== null) return true
    if (claims.sid !== null) return false
    await store.people.insert({
      id: claims.sub,
      username: null,
      displayName: (claims.name ?? claims.sub).slice(0, 80),
      email: claims.email,
      phone: claims.phone,
      locale: claims.locale,
      passwordHash: null,
      createdAtMs: now(),
    })
    return true
  }

  return {
    async register(body) {
      const person: Person = {
        id: newId(),
        username: body.username,
        displayName: body.displayName ?? body.username,
        email: body.email ?? null,
        phone: body.phone ?? null,
        locale: null,
        passwordHash: await hashPassword(body.password),
        createdAtMs: now(),
      }
      const inserted = await store.people.insert(person)
      if (inserted !== 'inserted') return { kind: 'refused', code: 'USERNAME_TAKEN' }
      return signIn(person)
    },
    async login(body) {
      const person = await store.people.byUsername(body.username)
      const right = await verifyPassword(body.password, person?.passwordHash ?? null)
      if (person === null || !right) return { kind: 'refused', code: 'WRONG_CREDENTIALS' }
      return signIn(person)
    },
    async logout(identity) {
      if (identity.sid === null) return
      await store.sessions.end(identity.sid)
      await options.onSessionEnded(identity.sid)
    },
    async identify(token) {
      const claims = await tokens.verify(token)
      if (claims === null) return null
      if (claims.sid !== null && !(await store.sessions.isLive(claims.sid, now()))) return null
      return (await knownPerson(claims)) ? { userId: claims.sub, sid: claims.sid } : null
    },
    update: (userId, change) => store.people.update(userId, change),
  }
}
