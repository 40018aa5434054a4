import { accessCure, type RunningUser } from './access-cure.ts'

/** What is wrong with a keys file that could be read. */
export interface KeysFault {
  /** Null when it is the whole file. */
  readonly field: 'vapidPublicKey' | 'vapidPrivateKey' | 'jwtSecret' | null
  readonly finding: string
}

/** What `DATA_DIR/keys.json` holds cannot be used. It is never overwritten: those keys bind every subscription. */
export class KeysFileError extends Error {
  readonly code = 'KEYS_FILE_INVALID'
  constructor(path: string, { field, finding }: KeysFault, options?: ErrorOptions) {
    const remedy =
      field === 'jwtSecret'
        ? 'put the JWT_SECRET that `npx belfry keys` prints there: then everybody signs in again.'
        : 'move it away to start with new keys: then everybody signs in again and every browser subscribes anew.'
    super(
      `${path} is not a whole keys file: ${field === null ? '' : `${field}: `}${finding}. ` +
        `Restore it from a backup; without one, ${remedy}`,
      options,
    )
    this.name = 'KeysFileError'
  }
}

/** `DATA_DIR` cannot be made or written. */
export class DataDirError extends Error {
  readonly code = 'DATA_DIR_UNUSABLE'
  constructor(dir: string, cause: unknown, user?: RunningUser) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const cure = accessCure({ path: dir, kind: 'folder', cause }, user)
    super(
      cure === null
        ? `DATA_DIR ${dir} cannot be written (${why}). Set DATA_DIR to a folder that this user may write.`
        : `DATA_DIR ${dir} cannot be written (${why}). Set another one only while nothing is in this one. ${cure}`,
      { cause },
    )
    this.name = 'DataDirError'
  }
}
