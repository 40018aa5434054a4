import type { SqliteFile } from '../../sqlite/sqlite-file.ts'
import type { Store } from '../port.ts'
import { keptForTheRelay, queuedAtOnce, type Enqueue } from './leaving-events.ts'
import { sqliteCalls } from './sqlite-calls.ts'
import { sqliteConversations } from './sqlite-conversations.ts'
import { sqliteDeliveries } from './sqlite-deliveries.ts'
import { sqliteDevices } from './sqlite-devices.ts'
import { sqliteExpoTickets } from './sqlite-expo-tickets.ts'
import { sqliteMessages } from './sqlite-messages.ts'
import { sqliteOutbox } from './sqlite-outbox.ts'
import { sqlitePeople } from './sqlite-people.ts'
import { sqlitePreferences } from './sqlite-preferences.ts'
import { sqliteSessions } from './sqlite-sessions.ts'

export interface SqliteStoreOptions {
  /** Of the broker on the same file. Without it, events wait for the relay. */
  readonly enqueue?: Enqueue
}

/**
 * The store of one process, in the embedded file. `close` writes what was begun and leaves the file open:
 * whoever opened it closes it.
 *
 * Claims of a former process end at once: the file has one process at a time, so nobody works on them.
 */
export function sqliteStore(file: SqliteFile, { enqueue }: SqliteStoreOptions = {}): Store {
  const leaving = enqueue === undefined ? keptForTheRelay : queuedAtOnce(enqueue)
  return {
    people: sqlitePeople(file),
    sessions: sqliteSessions(file),
    conversations: sqliteConversations(file),
    messages: sqliteMessages(file, leaving),
    calls: sqliteCalls(file, leaving),
    devices: sqliteDevices(file),
    preferences: sqlitePreferences(file),
    deliveries: sqliteDeliveries(file),
    expoTickets: sqliteExpoTickets(file),
    outbox: sqliteOutbox(file, { queued: enqueue !== undefined }),
    async ping() {
      await file.write((tx) => tx.run('UPDATE pings SET count = count + 1 WHERE id = 1'))
    },
    async close() {
      // Writes keep their order, so this one is the last.
      await file.write(() => {})
    },
  }
}
