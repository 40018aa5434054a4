import { startChild } from './child-program.ts'
import { numberIn } from './field.ts'
import type { Sink } from './sink.ts'
import type { Subscribers } from './subscribers.ts'

/** npm's `web-push` as its README uses it, the same with an Agent of its own that keeps connections, and ours. */
export type SenderName = 'npm-default' | 'npm-kept' | 'ours'

export interface SendPlan {
  readonly sender: SenderName
  readonly sink: Sink
  readonly subscribers: Subscribers
  readonly caFile: string
  readonly count: number
  readonly payloadBytes: number
}

export interface Sent {
  /** User and system time of the whole process, microseconds. */
  readonly cpuUsPerPush: number
  readonly pushesPerSecond: number
  readonly rssMb: number
}

/** Pushes under way at once. */
export const concurrency = 64

/** Sends in a process of its own, after a warm-up that is not counted. */
export async function sendWith(plan: SendPlan): Promise<Sent> {
  const { sink, subscribers, count } = plan
  const child = startChild('sender-process.ts', { NODE_EXTRA_CA_CERTS: plan.caFile })
  child.send({
    kind: 'send',
    sender: plan.sender,
    origin: sink.origin,
    vapidPublicKey: subscribers.vapid.publicKey,
    vapidPrivateKey: subscribers.vapid.privateKey,
    p256dhs: subscribers.keys.map((keys) => keys.p256dh),
    auths: subscribers.keys.map((keys) => keys.auth),
    payloadBytes: plan.payloadBytes,
    concurrency,
    warmUp: Math.ceil(count / 5),
    count,
  })
  const answer = await child.next('sent')
  await child.close()
  return {
    cpuUsPerPush: (numberIn(answer, 'cpuMs') * 1000) / count,
    pushesPerSecond: count / (numberIn(answer, 'elapsedMs') / 1000),
    rssMb: numberIn(answer, 'rssMb'),
  }
}
