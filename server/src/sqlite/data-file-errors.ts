/** Another process holds the directory. It goes on; this one must not start. */
export class DataDirInUseError extends Error {
  readonly code = 'DATA_DIR_IN_USE'
  /** Of the process that holds it; null when it has not said yet. */
  readonly pid: number | null

  constructor(dir: string, holder: { pid: number; host: string } | null, options?: ErrorOptions) {
    const who = holder === null ? 'another process' : `process ${holder.pid} on ${holder.host}`
    super(
      `DATA_DIR ${dir} is in use by ${who}. Stop it, or give this one a DATA_DIR of its own.`,
      options,
    )
    this.name = 'DataDirInUseError'
    this.pid = holder?.pid ?? null
  }
}

/** There is nothing to look at: no program has run on that directory. */
export class DataFileMissingError extends Error {
  readonly code = 'DATA_FILE_MISSING'

  constructor(path: string) {
    super(
      `There is no ${path}: nothing has run on this DATA_DIR yet. Set DATA_DIR as it is for the server, ` +
        'or run this where the server runs.',
    )
    this.name = 'DataFileMissingError'
  }
}

/** A newer program has written the file. Nothing was changed. */
export class DataFileNewerError extends Error {
  readonly code = 'DATA_FILE_NEWER'

  constructor(path: string, versions: { file: number; program: number }) {
    super(
      `${path} has version ${versions.file}, and this program knows versions up to ${versions.program}. ` +
        'Start the newer program that wrote it, or restore a backup made before the update.',
    )
    this.name = 'DataFileNewerError'
  }
}

/** The file is not a whole data file of ours. Nothing was changed: an empty one in its place would hide the loss. */
export class DataFileDamagedError extends Error {
  readonly code = 'DATA_FILE_DAMAGED'

  constructor(path: string, finding: string, options?: ErrorOptions) {
    super(
      `${path} is damaged or not Belfry's: ${finding}. Restore a backup, or move it and its -wal file away ` +
        'to start empty (sqlite3\'s ".recover" can save what is readable).',
      options,
    )
    this.name = 'DataFileDamagedError'
  }
}

/** Why a write after `close` was refused. */
export class DataFileClosedError extends Error {
  readonly code = 'DATA_FILE_CLOSED'

  constructor(path: string) {
    super(`${path} is closed already: something still wrote to it after the shutdown.`)
    this.name = 'DataFileClosedError'
  }
}

/** Why a write was refused without trying: the disk was full a moment ago and is not known to have room again. */
export class DiskFullError extends Error {
  readonly code = 'DISK_FULL'

  constructor(path: string) {
    super(`No room on the disk of ${path}. Free some; writing goes on by itself within seconds.`)
    this.name = 'DiskFullError'
  }
}
