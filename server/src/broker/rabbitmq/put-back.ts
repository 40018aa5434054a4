import type { Channel, Message } from 'amqplib'

/** Taken from a queue, and to be put back. */
export interface HeldMessage {
  /** The subscription that it came by. */
  readonly by: string
  /** Its content is of no matter. */
  readonly message: Message
}

/** RabbitMQ 3.10 shuffles what it takes back by one command when it is more than 32. */
const mostReturned = 32
/** RabbitMQ makes one of all commands that follow while 32 are under way: so many are sent, and waited for. */
const mostCommands = 16
/** Others may hold some of the queue's: then they are never all there. */
const mostLooks = 200

/**
 * Returns messages to their places in a quorum queue, in their order, which must be that of their delivery tags.
 * When their channel just went away, RabbitMQ would shuffle them. Resolves once the queue has them.
 */
export async function putBack(
  channel: Pick<Channel, 'nack'>,
  held: readonly HeldMessage[],
  waiting: () => Promise<number>,
): Promise<void> {
  let [returned, commands] = [0, 0]
  for (const command of together(held)) {
    const last = command.at(-1)
    if (last !== undefined) channel.nack(last.message, true, true)
    returned += command.length
    commands += 1
    if (commands % mostCommands === 0) await untilThere(returned, waiting)
  }
  await untilThere(returned, waiting)
}

/** Runs of one subscription, none longer than RabbitMQ keeps in order. */
function together(held: readonly HeldMessage[]): HeldMessage[][] {
  const runs: HeldMessage[][] = []
  for (const each of held) {
    const run = runs.at(-1)
    const fits = run !== undefined && run.length < mostReturned && run[0]?.by === each.by
    if (fits) run.push(each)
    else runs.push([each])
  }
  return runs
}

async function untilThere(count: number, waiting: () => Promise<number>): Promise<void> {
  let [before, looks] = [-1, 0]
  while (looks < mostLooks) {
    const there = await waiting()
    if (there >= count) return
    looks = there > before ? 0 : looks + 1
    before = Math.max(before, there)
  }
}
