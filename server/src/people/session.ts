/** One sign-in: the `sid` of a token of ours. Ending it ends that token. */
export interface Session {
  readonly sid: string
  readonly userId: string
  readonly expiresAtMs: number
}
