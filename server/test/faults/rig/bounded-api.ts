import { at, type Answer } from '../../support/ask.ts'
import { freePort } from '../../support/free-port.ts'
import type { FaultRig } from './fault-rig.ts'
import { message, type Pair } from './people.ts'

/** One more API process, whose outbox takes few; and what became of each message that it was asked to take. */
export interface BoundedApi {
  /** Keys of messages. */
  readonly accepted: readonly string[]
  /** In words, by key: `503 OUTBOX_FULL, Retry-After 2`. */
  readonly refused: ReadonlyMap<string, string>
  /** Asks once. Whether it was accepted. */
  takes(pair: Pair, key: string): Promise<boolean>
  stop(): Promise<void>
}

/** `bound`: so many messages and calls may wait, over all processes. */
export async function startBoundedApi(
  rig: FaultRig,
  { name, bound }: { name: string; bound: number },
): Promise<BoundedApi> {
  const settings = { OUTBOX_MAX_PENDING: String(bound) }
  const node = rig.addNode({ name, role: 'api', port: await freePort() }, settings)
  await node.start()
  const accepted: string[] = []
  const refused = new Map<string, string>()
  return {
    accepted,
    refused,
    async takes(pair, key) {
      const done = await rig.client.once(node, pair.one, message(pair, key, rig.canary))
      if (done.kind === 'ok') accepted.push(key)
      else refused.set(key, inWords(done.answer))
      return done.kind === 'ok'
    },
    async stop() {
      node.signal('SIGTERM')
      await node.ended()
    },
  }
}

function inWords(answer: Answer | null): string {
  if (answer === null) return 'no answer'
  const { status, body, headers } = answer
  return `${status} ${String(at(body, 'code'))}, Retry-After ${headers.get('retry-after')}`
}
