import type { Capabilities } from '../delivery/capabilities.ts'
import type { Refused } from '../people/accounts.ts'
import type { DeviceStore } from '../store/port.ts'
import { endpointHash } from './endpoint-hash.ts'
import type { Address, Device } from './device.ts'
import { renewDevice, type Renewal, type RenewalAnswer, type RenewalProof } from './renew-device.ts'
import { sameKeys, sameText } from './checked-subscription.ts'

export interface Registration {
  readonly address: Address
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
      /** Rows that made way, also of another owner. */
      readonly replaced: readonly Device[]
    }
  | Refused<'ENDPOINT_TAKEN' | 'TOKEN_TAKEN'>

/**
 * Whose devices are which. Rules of the takeover dossier:
 * - one row an endpoint, one row an owner's device id; a row keeps its id through renewal;
 * - an endpoint of another person moves only with the very same keys, which only that browser has;
 * - a token of another person moves only with the very same device id, which only that install has;
 * - a renewal never changes the owner.
 */
export interface DeviceRegistry {
  register(ownerId: string, registration: Registration): Promise<RegistrationAnswer>
  /** The same renewal repeated is answered again; the token is spent for anything else. */
  renew(renewal: Renewal, proof: RenewalProof): Promise<RenewalAnswer>
  /** Null when it is not one of the owner's. */
  rename(ownerId: string, id: string, deviceName: string): Promise<Device | null>
  /** Forgets what the owner has under this id, the browser's own or the row's. Gives what there was. */
  forget(ownerId: string, deviceId: string): Promise<Device[]>
}

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
      const replaced: Device[] = []
      for (let race = 0; race < mostRaces; race += 1) {
        const answer = await tryRegister(options, { ownerId, registration, replaced })
        if (answer !== null) return answer
      }
      return taken(registration)
    },
    renew: (renewal, proof) => renewDevice(options, renewal, proof),
    async rename(ownerId, id, deviceName) {
      for (let race = 0; race < mostRaces; race += 1) {
        const device = await options.devices.byId(id)
        if (device?.ownerId !== ownerId) return null
        const named = { ...device, deviceName }
        if ((await options.devices.replace(device, named)) === 'replaced') return named
      }
      return null
    },
    async forget(ownerId, deviceId) {
      const { devices } = options
      const found = [await devices.byDeviceId(ownerId, deviceId), await devices.byId(deviceId)]
      const theirs = found.flatMap((device) => (device?.ownerId === ownerId ? [device] : []))
      for (const device of theirs) await devices.remove(device.id, { ownerId })
      return theirs
    },
  }
}

/** One try. Null: a race was lost, or a row made way (it goes to `replaced`); look again. */
async function tryRegister(
  options: DeviceRegistryOptions,
  wish: { ownerId: string; registration: Registration; replaced: Device[] },
): Promise<RegistrationAnswer | null> {
  const { devices, newId } = options
  const { ownerId, registration, replaced } = wish
  const hash = hashOf(registration.address)
  const holder = await devices.byEndpoint(hash)
  if (holder !== null && holder.ownerId !== ownerId) {
    if (!isThatDevice(holder, registration)) return taken(registration)
    // The same device, signed in as somebody else: the old row ends, so that its owner's pushes do.
    if (await devices.remove(holder.id, { endpointHash: hash })) replaced.push(holder)
    return null
  }
  const { deviceId } = registration
  const sameDevice = deviceId === null ? null : await devices.byDeviceId(ownerId, deviceId)
  if (holder !== null && sameDevice !== null && holder.id !== sameDevice.id) {
    // Newest wins for the same person and device: the endpoint's row takes the device id over.
    if (await devices.remove(sameDevice.id, { ownerId })) replaced.push(sameDevice)
    return null
  }
  const previous = holder ?? sameDevice
  const next = nextRow(ownerId, registration, { previous, hash, nowMs: options.now(), newId })
  if (previous !== null) {
    const answer = await devices.replace(previous, next)
    return answer === 'replaced'
      ? { kind: 'registered', device: next, created: false, replaced }
      : null
  }
  if ((await devices.insert(next)) === 'taken') return null
  replaced.push(...(await dropBeyondLimit(devices, ownerId, next.id)))
  return { kind: 'registered', device: next, created: true, replaced }
}

function hashOf(address: Address): string {
  return endpointHash(address.kind === 'phone' ? address.token : address.endpoint)
}

function taken({ address }: Registration): RegistrationAnswer {
  return { kind: 'refused', code: address.kind === 'phone' ? 'TOKEN_TAKEN' : 'ENDPOINT_TAKEN' }
}

/** Whether it is the device itself that registers, and not somebody who learnt where pushes to it go. */
function isThatDevice(holder: Device, { address, deviceId }: Registration): boolean {
  if (holder.kind === 'browser') return address.kind === 'browser' && sameKeys(holder, address)
  return deviceId !== null && holder.deviceId !== null && sameText(holder.deviceId, deviceId)
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
    ...withWhatIsKnown(registration.address, previous),
    endpointHash: hash,
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

/**
 * An app that does not say what it said before has not changed. But for its platform: one that no longer says
 * it cannot draw rings any more, and has to be sent a title.
 */
function withWhatIsKnown(address: Address, previous: Device | null): Address {
  if (address.kind === 'browser' || previous?.kind !== 'phone') return address
  return {
    ...address,
    projectId: address.projectId ?? previous.projectId,
    appVersion: address.appVersion ?? previous.appVersion,
  }
}
