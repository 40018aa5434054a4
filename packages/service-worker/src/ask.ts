import type { WorkerToPage } from '@belfry/contracts'
import { isObject } from './record/index.ts'
import { within } from './within.ts'
import type { WorkerEnvironment, WorkerWindow } from './worker-environment.ts'

export interface Question {
  readonly page: WorkerWindow
  readonly message: WorkerToPage
  readonly withinMs: number
}

/** Tells a page, and says whether it answered in time that it has taken the matter over. Never rejects. */
export async function ask(
  environment: WorkerEnvironment,
  { page, message, withinMs }: Question,
): Promise<boolean> {
  const { port1, port2 } = new MessageChannel()
  try {
    const answered = new Promise<boolean>((resolve) => {
      port1.addEventListener('message', ({ data }: { data: unknown }) => {
        resolve(isObject(data) && data.type === 'ack')
      })
      port1.start()
    })
    page.postMessage(message, [port2])
    return (await within(environment, withinMs, answered)) === true
  } catch {
    // A window that is going away cannot be told: the same as no answer.
    return false
  } finally {
    port1.close()
  }
}
