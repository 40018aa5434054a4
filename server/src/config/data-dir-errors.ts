/** `DATA_DIR/keys.json` cannot be used. It is never overwritten: those keys bind every subscription. */
export class KeysFileError extends Error {
  readonly code = 'KEYS_FILE_INVALID'
  constructor(path: string, options: ErrorOptions) {
    super(
      `${path} is not a whole keys file. Restore it from a backup; without one, move it away to start with ` +
        'new keys: then everybody signs in again and every browser subscribes anew.',
      options,
    )
    this.name = 'KeysFileError'
  }
}

/** `DATA_DIR` cannot be made or written. */
export class DataDirError extends Error {
  readonly code = 'DATA_DIR_UNUSABLE'
  constructor(dir: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause)
    super(
      `DATA_DIR ${dir} cannot be written (${why}). Set DATA_DIR to a folder that this user may write.`,
      { cause },
    )
    this.name = 'DataDirError'
  }
}
