/** What is watched, and what to do about it. */
export interface StuckWatchOptions {
  readonly everyMs: number
  /** How many messages came so far. */
  readonly received: () => number
  readonly inHand: () => number
  /** Messages that wait in the queue. May reject: then the connection ends by itself. */
  readonly waiting: () => Promise<number>
  readonly onStuck: () => void
}

/**
 * Notices a subscription that is none any more. RabbitMQ 3.10.8 forgets the consumers of a quorum queue that is
 * deleted and declared again within about 40 ms: it sends no cancel, counts them still, and gives them nothing.
 * While messages wait, nothing is in hand and none has come for two looks in a row, that is the case.
 *
 * Returns the way to stop watching.
 */
export function stuckWatch(options: StuckWatchOptions): () => void {
  const { everyMs, received, inHand, waiting, onStuck } = options
  let seen = received()
  let suspect = false

  async function look(): Promise<void> {
    const idle = received() === seen && inHand() === 0
    seen = received()
    const waits = idle && (await waiting()) > 0 && received() === seen
    if (waits && suspect) onStuck()
    suspect = waits
  }
  const timer = setInterval(() => {
    look().catch(() => {}) // The channel is gone, and says so itself.
  }, everyMs)
  return () => clearInterval(timer)
}
