import type { WorkerContainer, WorkerHandle } from './browser-environment.ts'

/** The worker that is installed for this page; undefined when there is none, or the browser will not say. */
export async function currentWorker(
  workers: WorkerContainer | null,
): Promise<WorkerHandle | undefined> {
  try {
    return await workers?.getRegistration()
  } catch {
    // SecurityError: storage is forbidden for this site. There is no worker then.
    return undefined
  }
}
