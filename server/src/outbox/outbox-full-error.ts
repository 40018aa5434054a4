/** The broker has been away for so long that nothing more is accepted until it takes some of what waits. */
export class OutboxFullError extends Error {
  readonly code = 'OUTBOX_FULL'

  constructor(mostPending: number) {
    super(
      `${mostPending} messages and calls wait for the broker, and no more are accepted. ` +
        'Once it is back they are published, and accepting goes on by itself.',
    )
    this.name = 'OutboxFullError'
  }
}
