import { timingSafeEqual } from 'node:crypto'
import type { Capabilities } from '../delivery/capabilities.ts'
import type { Refused } from '../people/accounts.ts'
import type { DeviceStore } from '../store/port.ts'
import { endpointHash } from './endpoint-hash.ts'
import type { Device } from './device.ts'

/** A subscription whose shape, host and keys were checked. */
export interface CheckedSubscription {
  readonly endpoint: string
  readonly p256dh: string
  readonly auth: string
}

export interface Registration {
  readonly subscription: CheckedSubscription
  readonly vapidPublicKey: string
  readonly deviceId: string | null
  readonly deviceName: string | null
  /** Used when the device has no name of its own: what the User-Agent says. */
  readonly guessedName: string
}

export type RegistrationAnswer =
  | {
      readonly kind: 'registered'
      readonly device: Device
      readonly created: boolean
      readonly replaced: readonly Device[]
    }
  | Refused<'ENDPOINT_TAKEN'>

/**
 * Whose devices are which. Rules of the takeover dossier:
 * - one row an endpoint, one row an owner's device id; a row keeps its id through renewal;
 * - an endpoint of another person moves only with the very same keys, which only that browser has;
 * - a renewal never changes the owner.
 */
export interface DeviceRegistry {
  register(ownerId: string, registration: Registration): Promise<RegistrationAnswer>
  /** The same renewal repeated is answered again; the token is spent for anything else. */
  renew(renewal: Renewal, proof: RenewalProof): Promise<RenewalAnswer>
}

export interface Renewal {
  readonly oldEndpoint: string
  readonly subscription: CheckedSubscription
  readonly vapidPublicKey: string
}

/** Who asks: the owner, by a token; or a service worker, which has only the renew token. */
export interface RenewalProof {
  readonly userId: string | null
  readonly renewToken: string | null
}

export type RenewalAnswer =
  | { readonly kind: 'renewed'; readonly device: Device }
  | Refused<'SUBSCRIPTION_NOT_FOUND' | 'RENEWAL_REFUSED' | 'ENDPOINT_TAKEN'>

export interface DeviceRegistryOptions {
  readonly devices: DeviceStore
  readonly capabilities: Pick<Capabilities, 'isRenewToken'>
  readonly now: () => number
  readonly newId: () => string
}

/** The 21st replaces the one longest unseen. */
const mostDevices = 20
/** Registrations of one browser race at most with each other; each loss means that another got through. */
const mostRaces = 10

export function createDeviceRegistry(options: DeviceRegistryOptions): DeviceRegistry {
  return {
    async register(ownerId, registration) {
      for (let race = 0; race < mostRaces; race += 1) {
        const answer = await tryRegister(options, ownerId, registration)
        if (answer !== null) return answer
      }
      return { kind: 'refused', code: 'ENDPOINT_TAKEN' }
    },
    renew: (renewal, proof) => renew(options, renewal, proof),
  }
}

/** One try. Null: a race was lost, or a row made way; look again. */
async function tryRegister(
  options: DeviceRegistryOptions,
  ownerId: string,
  registration: Registration,
): Promise<RegistrationAnswer | null> {
  const { devices, newId } = options
  const hash = endpointHash(registration.subscription.endpoint)
  const holder = await devices.byEndpoint(hash)
  if (holder !== null && holder.ownerId !== ownerId) {
    if (!sameKeys(holder, registration.subscription))
      return { kind: 'refused', code: 'ENDPOINT_TAKEN' }
    // The same browser, signed in as somebody else: the old row ends, so that its owner's pushes do.
    await devices.remove(holder.id, { endpointHash: hash })
    return null
  }
  const { deviceId } = registration
  const sameDevice = deviceId === null ? null : await devices.byDeviceId(ownerId, deviceId)
  if (holder !== null && sameDevice !== null && holder.id !== sameDevice.id) {
    // Newest wins for the same person and device: the endpoint's row takes the device id over.
    await devices.remove(sameDevice.id, { ownerId })
    return null
  }
  const previous = holder ?? sameDevice
  const next = nextRow(ownerId, registration, { previous, hash, nowMs: options.now(), newId })
  if (previous !== null) {
    const answer = await devices.replace(previous, next)
    return answer === 'replaced'
      ? { kind: 'registered', device: next, created: false, replaced: [] }
      : null
  }
  if ((await devices.insert(next)) === 'taken') return null
  const replaced = await dropBeyondLimit(devices, ownerId, next.id)
  return { kind: 'registered', device: next, created: true, replaced }
}

async function dropBeyondLimit(
  devices: DeviceStore,
  ownerId: string,
  keepId: string,
): Promise<Device[]> {
  const all = await devices.ofOwner(ownerId)
  const excess = all
    .filter((device) => device.id !== keepId)
    .toSorted((a, b) => a.lastSeenAtMs - b.lastSeenAtMs)
    .slice(0, Math.max(0, all.length - mostDevices))
  for (const device of excess) await devices.remove(device.id, { ownerId })
  return excess
}

async function renew(
  options: DeviceRegistryOptions,
  renewal: Renewal,
  proof: RenewalProof,
): Promise<RenewalAnswer> {
  const { devices, capabilities } = options
  const newHash = endpointHash(renewal.subscription.endpoint)
  const row = await devices.byEndpoint(endpointHash(renewal.oldEndpoint))
  // A repeat: the answer was lost, not the renewal. It comes with the token of the generation before.
  const repeated =
    row === null || row.endpointHash === newHash ? await devices.byEndpoint(newHash) : null
  const device = repeated ?? row
  if (device === null) return { kind: 'refused', code: 'SUBSCRIPTION_NOT_FOUND' }
  const generations =
    repeated === null ? [device.generation] : [device.generation, device.generation - 1]
  const { userId, renewToken } = proof
  const byToken =
    renewToken !== null &&
    generations.some((generation) => capabilities.isRenewToken(renewToken, device.id, generation))
  if (userId !== device.ownerId && !byToken) {
    return {
      kind: 'refused',
      code: renewToken === null ? 'SUBSCRIPTION_NOT_FOUND' : 'RENEWAL_REFUSED',
    }
  }
  if (repeated !== null) {
    return sameKeys(repeated, renewal.subscription)
      ? { kind: 'renewed', device: repeated }
      : { kind: 'refused', code: 'RENEWAL_REFUSED' }
  }
  const next: Device = {
    ...device,
    ...renewal.subscription,
    endpointHash: newHash,
    vapidPublicKey: renewal.vapidPublicKey,
    generation: device.generation + 1,
    lastSeenAtMs: options.now(),
    lastError: null,
    notBeforeMs: 0,
  }
  const answer = await devices.replace(device, next)
  if (answer === 'replaced') return { kind: 'renewed', device: next }
  return { kind: 'refused', code: answer === 'taken' ? 'ENDPOINT_TAKEN' : 'RENEWAL_REFUSED' }
}

function nextRow(
  ownerId: string,
  registration: Registration,
  context: { previous: Device | null; hash: string; nowMs: number; newId: () => string },
): Device {
  const { previous, hash, nowMs } = context
  const moved = previous !== null && previous.endpointHash !== hash
  return {
    id: previous?.id ?? context.newId(),
    ownerId,
    ...registration.subscription,
    endpointHash: hash,
    vapidPublicKey: registration.vapidPublicKey,
    deviceId: registration.deviceId ?? previous?.deviceId ?? null,
    deviceName: registration.deviceName ?? previous?.deviceName ?? registration.guessedName,
    generation: (previous?.generation ?? 0) + (moved ? 1 : 0),
    createdAtMs: previous?.createdAtMs ?? nowMs,
    lastSeenAtMs: nowMs,
    lastAcceptedAtMs: previous?.lastAcceptedAtMs ?? null,
    lastShownAtMs: previous?.lastShownAtMs ?? null,
    lastError: moved ? null : (previous?.lastError ?? null),
    notBeforeMs: moved ? 0 : (previous?.notBeforeMs ?? 0),
  }
}

/** In constant time: who guesses keys learns nothing from how long the answer takes. */
function sameKeys(device: Pick<Device, 'p256dh' | 'auth'>, given: CheckedSubscription): boolean {
  const ours = Buffer.from(`${device.p256dh}.${device.auth}`)
  const theirs = Buffer.from(`${given.p256dh}.${given.auth}`)
  return ours.length === theirs.length && timingSafeEqual(ours, theirs)
}
