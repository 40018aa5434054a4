import type { RecordStore } from './record/index.ts'
import type { ShownNotification, WorkerEnvironment, WorkerWindow } from './worker-environment.ts'

/** Longest that anything shown waits for the browser's own bookkeeping: WebKit gives a push about 10 s in all. */
const limitMs = 1_000

/** What was asked for; undefined when that fails, or takes longer than `ms`. Never rejects. */
export function within<T>(
  environment: Pick<WorkerEnvironment, 'wait'>,
  ms: number,
  work: Promise<T>,
): Promise<T | undefined> {
  return Promise.race([work.catch(() => undefined), environment.wait(ms).then(() => undefined)])
}

/** A store that never fails and never hangs, and then remembers nothing: no ring may depend on a database. */
export function patientStore(
  environment: Pick<WorkerEnvironment, 'wait'>,
  store: RecordStore,
): RecordStore {
  return {
    read: (key) => within(environment, limitMs, store.read(key)),
    change: (key, step) => within(environment, limitMs, store.change(key, step)),
  }
}

/** This origin's open windows, also those that this worker does not control when `isAny`. */
export async function windows(
  environment: WorkerEnvironment,
  isAny: boolean,
): Promise<readonly WorkerWindow[]> {
  const query = { type: 'window', includeUncontrolled: isAny } as const
  return (await within(environment, limitMs, environment.clients.matchAll(query))) ?? []
}

export function isVisible({ visibilityState }: WorkerWindow): boolean {
  return visibilityState === 'visible'
}

/** The notifications that stand with that tag. */
export async function standing(
  environment: WorkerEnvironment,
  tag: string | undefined,
): Promise<readonly ShownNotification[]> {
  const all = environment.registration.getNotifications({ tag })
  return (await within(environment, limitMs, all)) ?? []
}
