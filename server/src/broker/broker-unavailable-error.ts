/** The broker did not confirm. The message may be stored all the same; publish it again unchanged. */
export class BrokerUnavailableError extends Error {
  readonly code = 'BROKER_UNAVAILABLE'

  constructor(doing: string, options?: ErrorOptions) {
    super(
      `The broker did not confirm: ${doing}. The outbox keeps the event and publishes it again.`,
      options,
    )
    this.name = 'BrokerUnavailableError'
  }
}
