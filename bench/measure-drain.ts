import { setTimeout as delay } from 'node:timers/promises'
import type { ServerProcess } from './server-process.ts'
import type { Sink } from './sink.ts'

export interface Cost {
  readonly cpuUsPerPush: number
  readonly pushesPerSecond: number
  readonly rssMb: number
}

/** From the moment a fifth has arrived until the lanes are empty; `before` had arrived when the server started. */
export async function measureDrain(
  server: ServerProcess,
  { sink, before, pushes }: { sink: Sink; before: number; pushes: number },
): Promise<Cost> {
  await sink.arrived(before + Math.ceil(pushes / 5))
  const cpuMsBefore = await server.cpuMs()
  const begin = await sink.stats()
  const all = await sink.arrived(before + pushes)
  while ((await server.queueDepth()) > 0) await delay(20)
  const count = all.accepted - begin.accepted
  return {
    cpuUsPerPush: (1000 * ((await server.cpuMs()) - cpuMsBefore)) / count,
    pushesPerSecond: count / ((all.upMs - begin.upMs) / 1000),
    rssMb: server.memoryMb().most,
  }
}
