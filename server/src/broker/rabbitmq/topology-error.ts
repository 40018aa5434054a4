/** RabbitMQ holds something of our name that is not as we need it. Ends the start; found later, it is tried until it is mended. */
export class TopologyMismatchError extends Error {
  readonly code = 'BROKER_TOPOLOGY_MISMATCH'
  /** The queue or exchange. */
  readonly subject: string

  constructor(subject: string, options?: ErrorOptions) {
    super(
      `RabbitMQ has "${subject}" already, with other properties than Belfry's. ` +
        `Let its consumers empty it, delete it (rabbitmqctl delete_queue ${subject}), and start again if this ended the start: Belfry declares it. ` +
        'Or give Belfry a virtual host of its own in RABBITMQ_URL.',
      options,
    )
    this.name = 'TopologyMismatchError'
    this.subject = subject
  }
}

/** RabbitMQ lists the queue but cannot serve it: a quorum queue without its quorum. */
export class QueueDeadError extends Error {
  readonly code = 'BROKER_QUEUE_DEAD'
  readonly queue: string

  constructor(queue: string, options?: ErrorOptions) {
    super(
      `RabbitMQ lists the queue "${queue}" but cannot serve it (541): its quorum is lost, or its node died just after declaring it. ` +
        `When it does not come back with its nodes, delete it (rabbitmqctl delete_queue ${queue}): Belfry declares it again, ` +
        'and the outbox publishes again what was never confirmed.',
      options,
    )
    this.name = 'QueueDeadError'
    this.queue = queue
  }
}
