import { EgressError } from './egress-error.ts'

/** The refusal of a host that resolves to, or is, an address inside somebody's network. */
export function addressForbidden(host: string): EgressError {
  return new EgressError(
    'ADDRESS_FORBIDDEN',
    host,
    `${host} has an address that is not public; not connecting`,
  )
}
