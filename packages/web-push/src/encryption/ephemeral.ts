import type { KeyObject } from 'node:crypto'

/** What must be fresh for every message (RFC 8291 section 3.1; RFC 8188 section 2.1). */
export interface Ephemeral {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** 16 bytes. */
  readonly salt: Uint8Array
}
