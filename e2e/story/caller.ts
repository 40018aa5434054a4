import type { User } from '@belfry/contracts'
import { closeAfterTest } from '../support/close-after-test.ts'
import type { NotificationDaemon } from '../support/notification-daemon.ts'
import type { ShownNotification } from '../support/shown-notification.ts'
import { newAccount } from './account.ts'
import { registerByApi, type ApiPerson } from './api-person.ts'
import { nextTitled } from './desktop-steps.ts'
import { listenRealtime, type RealtimeEar } from './realtime-ear.ts'

/** Somebody who writes and calls by the API, and hears what an open tab of theirs would. */
export interface Caller extends ApiPerson {
  readonly ear: RealtimeEar
}

/** A person of that name whom nobody has met before, listening until the test ends. */
export async function newCaller(serverUrl: string, name: string): Promise<Caller> {
  const person = await registerByApi(serverUrl, newAccount(name))
  return { ...person, ear: await closeAfterTest(listenRealtime(serverUrl, person.token)) }
}

export interface Rung {
  readonly sessionId: string
  readonly ring: ShownNotification
}

/** Calls. Resolves when the notification is up and the caller knows on what it rings. */
export async function ringFrom(
  { user, call, ear }: Caller,
  callee: User,
  desktop: NotificationDaemon,
): Promise<Rung> {
  const shown = nextTitled(desktop, `${user.displayName} is calling`)
  const ringing = ear.nextCall(({ devices }) => devices.ringing.length > 0)
  const { sessionId } = await call(callee.id, 'video')
  const ring = await shown
  await ringing
  return { sessionId, ring }
}
