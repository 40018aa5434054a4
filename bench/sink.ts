import { setTimeout as delay } from 'node:timers/promises'
import { startChild } from './child-program.ts'
import { numberIn, textIn, textsIn } from './field.ts'
import type { Subscribers } from './subscribers.ts'

/** A TLS push service in a process of its own, that checks what it is sent. */
export interface Sink {
  /** Every device's endpoint is `<origin>/push/<index>`. */
  readonly origin: string
  /** When the first urgent push of a path had wholly arrived, on the clock of `machineMs`. */
  readonly urgentAtMs: ReadonlyMap<string, number>
  /** Rejects when a push was not what it should be. */
  stats(): Promise<SinkStats>
  /** Resolves once it has taken so many pushes since it was started. */
  arrived(count: number): Promise<SinkStats>
  close(): Promise<void>
}

/** All counted since it was started. */
export interface SinkStats {
  readonly accepted: number
  /** How many were decrypted and had their token verified. */
  readonly verified: number
  readonly bodyBytes: number
  readonly connections: number
  readonly cpuMs: number
  readonly upMs: number
}

const lookEveryMs = 50
/** Without a single push for so long, something is broken. */
const patienceMs = 60_000

export async function startSink(subscribers: Subscribers): Promise<Sink> {
  const child = startChild('sink-process.ts')
  const urgentAtMs = new Map<string, number>()
  child.onMessage('urgent', (message) => {
    const path = textIn(message, 'path')
    if (!urgentAtMs.has(path)) urgentAtMs.set(path, numberIn(message, 'atMs'))
  })
  const origin = textIn(await child.next('listening'), 'origin')
  child.send({
    kind: 'configure',
    privateKeys: subscribers.keys.map((keys) => keys.privateKey),
    auths: subscribers.keys.map((keys) => keys.auth),
    vapidPublicKey: subscribers.vapid.publicKey,
  })
  await child.next('configured')

  const stats = async (): Promise<SinkStats> => {
    child.send({ kind: 'stats' })
    const answer = await child.next('stats')
    const [failure] = textsIn(answer, 'failures')
    if (failure !== undefined) throw new Error(`The sink was sent a push that is none: ${failure}`)
    return {
      accepted: numberIn(answer, 'accepted'),
      verified: numberIn(answer, 'verified'),
      bodyBytes: numberIn(answer, 'bodyBytes'),
      connections: numberIn(answer, 'connections'),
      cpuMs: numberIn(answer, 'cpuMs'),
      upMs: numberIn(answer, 'upMs'),
    }
  }
  return {
    origin,
    urgentAtMs,
    stats,
    async arrived(count) {
      let last = await stats()
      let sinceMs = performance.now()
      while (last.accepted < count) {
        await delay(lookEveryMs)
        const seen = await stats()
        if (seen.accepted > last.accepted) sinceMs = performance.now()
        if (performance.now() - sinceMs > patienceMs)
          throw new Error(`${seen.accepted} of ${count} pushes arrived, and none for a minute`)
        last = seen
      }
      return last
    },
    close: () => child.close(),
  }
}

/** CPU time by elapsed time between two looks: near 1 it is the sink that was measured. */
export function busyShare(before: SinkStats, after: SinkStats): number {
  return (after.cpuMs - before.cpuMs) / (after.upMs - before.upMs)
}
