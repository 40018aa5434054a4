/** Someone who can be written to and rung. `id` is the token's `sub`. */
export interface Person {
  readonly id: string
  /** What they sign in with; null for people of an external issuer. */
  readonly username: string | null
  readonly displayName: string
  readonly email: string | null
  readonly phone: string | null
  /** BCP 47 tag; pushes are worded and dated by it. */
  readonly locale: string | null
  /** scrypt, in the form of `password.ts`; null for people of an external issuer. */
  readonly passwordHash: string | null
  readonly createdAtMs: number
}
