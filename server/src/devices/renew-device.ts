import type { Capabilities } from '../delivery/capabilities.ts'
import type { Refused } from '../people/accounts.ts'
import type { DeviceStore } from '../store/port.ts'
import { sameKeys, type CheckedSubscription } from './checked-subscription.ts'
import type { BrowserDevice, Device } from './device.ts'
import { endpointHash } from './endpoint-hash.ts'

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
  | { readonly kind: 'renewed'; readonly device: BrowserDevice }
  | Refused<'SUBSCRIPTION_NOT_FOUND' | 'RENEWAL_REFUSED' | 'ENDPOINT_TAKEN'>

export interface RenewOptions {
  readonly devices: Pick<DeviceStore, 'byEndpoint' | 'replace'>
  readonly capabilities: Pick<Capabilities, 'isRenewToken'>
  readonly now: () => number
}

/** Whoever was faster has renewed the same row: the second look finds a repeat, or a spent token. */
const mostRaces = 10

/**
 * Moves a row to the endpoint that the browser has now. The row keeps its id and its owner, and the
 * renew token is spent: its generation has passed.
 */
export async function renewDevice(
  options: RenewOptions,
  renewal: Renewal,
  proof: RenewalProof,
): Promise<RenewalAnswer> {
  for (let race = 0; race < mostRaces; race += 1) {
    const answer = await tryRenew(options, renewal, proof)
    if (answer !== null) return answer
  }
  return { kind: 'refused', code: 'RENEWAL_REFUSED' }
}

/** One try. Null: the row changed meanwhile; look again. */
async function tryRenew(
  options: RenewOptions,
  renewal: Renewal,
  proof: RenewalProof,
): Promise<RenewalAnswer | null> {
  const { devices } = options
  const newHash = endpointHash(renewal.subscription.endpoint)
  const row = await browserAt(devices, endpointHash(renewal.oldEndpoint))
  // A repeat: the answer was lost, not the renewal. It comes with the token of the generation before.
  const repeated =
    row === null || row.endpointHash === newHash ? await browserAt(devices, newHash) : null
  const device = repeated ?? row
  if (device === null) return refuseUnknown(proof)
  const generations =
    repeated === null ? [device.generation] : [device.generation, device.generation - 1]
  const refused = refuse(options, { device, generations, proof })
  if (refused !== null) return refused
  if (repeated !== null) {
    return sameKeys(repeated, renewal.subscription)
      ? { kind: 'renewed', device: repeated }
      : { kind: 'refused', code: 'RENEWAL_REFUSED' }
  }
  const next: BrowserDevice = {
    ...device,
    ...renewal.subscription,
    endpointHash: newHash,
    vapidPublicKey: renewal.vapidPublicKey,
    generation: device.generation + 1,
    lastSeenAtMs: options.now(),
    lastError: null,
    notBeforeMs: 0,
  }
  switch (await devices.replace(device, next)) {
    case 'replaced':
      return { kind: 'renewed', device: next }
    case 'taken':
      return { kind: 'refused', code: 'ENDPOINT_TAKEN' }
    case 'changed':
      return null
  }
}

/** A phone's token is no endpoint: it is registered again, never renewed. */
async function browserAt(
  devices: Pick<DeviceStore, 'byEndpoint'>,
  hash: string,
): Promise<BrowserDevice | null> {
  const device = await devices.byEndpoint(hash)
  return device?.kind === 'browser' ? device : null
}

/** Null: the owner asks, or somebody with a token that is good for one of the generations. */
function refuse(
  { capabilities }: RenewOptions,
  asked: { device: Device; generations: readonly number[]; proof: RenewalProof },
): RenewalAnswer | null {
  const { device, generations, proof } = asked
  const { userId, renewToken } = proof
  if (userId === device.ownerId) return null
  if (renewToken === null) return { kind: 'refused', code: 'SUBSCRIPTION_NOT_FOUND' }
  const good = generations.some((generation) =>
    capabilities.isRenewToken(renewToken, device.id, generation),
  )
  return good ? null : { kind: 'refused', code: 'RENEWAL_REFUSED' }
}

/** Without a session a spent token and an unknown endpoint look alike. */
function refuseUnknown({ userId }: RenewalProof): RenewalAnswer {
  const code = userId === null ? 'RENEWAL_REFUSED' : 'SUBSCRIPTION_NOT_FOUND'
  return { kind: 'refused', code }
}
