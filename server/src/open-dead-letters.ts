import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { DeadLetters } from './broker/port.ts'
import { askAtDeadDoor } from './broker/sqlite/dead-door.ts'
import { deadMessages, listDead } from './broker/sqlite/dead-messages.ts'
import type { Config } from './config.ts'
import { FileAccessError } from './config/file-access-error.ts'
import { DataDirInUseError, DataFileMissingError } from './sqlite/data-file-errors.ts'
import { openSqliteFile } from './sqlite/open-sqlite-file.ts'
import { openSqliteReader } from './sqlite/open-sqlite-reader.ts'

/**
 * The dead letters of the broker that a server with this configuration uses, for a command beside it: whether or
 * not the server runs, and without any of its lanes.
 */
export async function openDeadLetters(
  config: Pick<Config, 'DATA_DIR' | 'RABBITMQ_URL'>,
  now: () => number,
): Promise<DeadLetters> {
  if (config.RABBITMQ_URL === undefined) return embeddedDeadLetters(config.DATA_DIR, now)
  const { rabbitMqDeadLetters } = await import('./broker/rabbitmq/dead-letters.ts')
  return rabbitMqDeadLetters({ url: config.RABBITMQ_URL, now })
}

/** Looks at the file by itself; what changes it is done by the process that holds it, while there is one. */
function embeddedDeadLetters(dir: string, now: () => number): DeadLetters {
  return {
    async list(options) {
      const reader = openSqliteReader(dir)
      try {
        return listDead(reader.read, options)
      } finally {
        reader.close()
      }
    },
    async replay(choice) {
      const path = join(dir, 'belfry.db')
      checkThere(path)
      const asked = await askAtDeadDoor(dir, choice)
      if (asked !== null) return asked
      const file = openUnheld(dir)
      try {
        return await deadMessages({ file, clock: now, onReplayed() {} }).replay(choice)
      } finally {
        await file.close()
      }
    },
  }
}

function openUnheld(dir: string) {
  try {
    return openSqliteFile({ dir })
  } catch (cause) {
    throw cause instanceof DataDirInUseError ? new ServerCannotBeAskedError(dir, cause) : cause
  }
}

/** The server runs, and cannot be asked: only it may write its file. */
export class ServerCannotBeAskedError extends Error {
  readonly code = 'DATA_DIR_IN_USE'

  constructor(dir: string, inUse: DataDirInUseError) {
    const who = inUse.pid === null ? 'Another process' : `Process ${inUse.pid}`
    super(
      `${who} holds DATA_DIR ${dir} and cannot be asked by ${join(dir, 'belfry.sock')}; its log says why. ` +
        'Stop it, replay, and start it again: nothing is lost.',
      { cause: inUse },
    )
    this.name = 'ServerCannotBeAskedError'
  }
}

/** @throws DataFileMissingError, FileAccessError */
function checkThere(path: string): void {
  let isThere: boolean
  try {
    isThere = statSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (cause) {
    throw new FileAccessError(path, 'read', { cause })
  }
  if (!isThere) throw new DataFileMissingError(path)
}
