/** The store cannot write or cannot tell. What was asked may have happened; asking again is safe. */
export class StoreUnavailableError extends Error {
  readonly code = 'STORE_UNAVAILABLE'

  constructor(doing: string, options?: ErrorOptions) {
    super(
      `The store could not ${doing}. It is tried again; see the cause for what to mend.`,
      options,
    )
    this.name = 'StoreUnavailableError'
  }
}
