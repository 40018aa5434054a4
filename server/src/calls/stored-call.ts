import type { Call } from '@belfry/ring'

/** A call as stored: the ring's own state, and what finding it again needs. Compare-and-set goes by `call.revision`. */
export interface StoredCall {
  readonly call: Call
  /**
   * Caller and callees in order. While one call with this key rings, no second one is made:
   * calling a person whom one is already ringing returns the open call.
   */
  readonly openKey: string
  readonly callerName: string
}
