import { isObject } from './fields.ts'
import type { RecordStore } from './record-store.ts'

/** What this browser last agreed on with the server. */
export interface RegistrationRecord {
  /** False after a sign-out or when turned off: then neither worker nor page may subscribe by themselves. */
  readonly isOn: boolean
  /** The endpoint that the server knows. The browser may have another one while a renewal is pending. */
  readonly endpoint: string
  /** Our public key that the subscription was made with: base64url without padding. */
  readonly applicationServerKey: string
  /** The row on the server. */
  readonly id: string
  /** Lets the worker, which has no session, renew that row once. */
  readonly renewToken: string
  /** The browser has a new subscription, or none, and the server has not heard of it yet. */
  readonly isRenewalPending: boolean
}

/** What an `off` browser keeps: that it is off. */
export const offRecord: RegistrationRecord = {
  isOn: false,
  endpoint: '',
  applicationServerKey: '',
  id: '',
  renewToken: '',
  isRenewalPending: false,
}

/** Null when nothing was ever agreed here, or what is kept cannot be read. */
export async function readRegistration(store: RecordStore): Promise<RegistrationRecord | null> {
  const kept = await store.read('registration')
  return isRegistration(kept) ? kept : null
}

function isRegistration(kept: unknown): kept is RegistrationRecord {
  return (
    isObject(kept) &&
    Object.entries(offRecord).every(([name, value]) => typeof kept[name] === typeof value)
  )
}

export function writeRegistration(store: RecordStore, record: RegistrationRecord): Promise<void> {
  return store.change('registration', () => record)
}
