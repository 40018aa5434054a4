/**
 * What can happen to a call. `atMs` is the server's clock, in milliseconds since the epoch, never
 * a client's. Inputs may come late, twice and in any order: `step` is made for that.
 */
export type CallInput =
  | {
      readonly type: 'accept'
      readonly userId: string
      /** Null when the device did not say who it is; all such devices count as one and the same. */
      readonly deviceId: string | null
      readonly atMs: number
    }
  | { readonly type: 'decline'; readonly userId: string; readonly atMs: number }
  | { readonly type: 'busy'; readonly userId: string; readonly atMs: number }
  | { readonly type: 'cancel'; readonly userId: string; readonly atMs: number }
  | { readonly type: 'end'; readonly userId: string; readonly atMs: number }
  | { readonly type: 'timeout'; readonly atMs: number }

/** The inputs of one kind, or of several: `InputOf<'decline' | 'busy'>`. */
export type InputOf<Type extends CallInput['type']> = Extract<CallInput, { readonly type: Type }>
