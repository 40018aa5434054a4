/** One address that a name resolved to. */
export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}

/**
 * Finds all addresses of a name. MUST give every one it knows: a guard that saw only the first
 * could be led around. Rejects when there is none.
 */
export type Resolver = (hostname: string) => Promise<readonly ResolvedAddress[]>
