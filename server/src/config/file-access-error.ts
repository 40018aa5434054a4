import { accessCure, errorCode, type RunningUser } from './access-cure.ts'

/**
 * A file that is there, and that this program may not use. Nothing is known to be wrong with what is in it, so
 * that the cure is the right to use it, and never to move it away.
 */
export class FileAccessError extends Error {
  readonly code = 'FILE_UNUSABLE'
  readonly path: string

  constructor(path: string, wish: 'read' | 'written', options: FileAccessErrorOptions) {
    const { cause, user } = options
    const cure =
      accessCure({ path, kind: 'file', cause }, user) ?? 'See what the system says of it.'
    super(
      `${path} cannot be ${wish} (${inShort(cause)}). Leave it where it is, what it holds may be whole. ${cure}`,
      { cause },
    )
    this.name = 'FileAccessError'
    this.path = path
  }
}

interface FileAccessErrorOptions {
  /** What Node or SQLite threw. */
  readonly cause: unknown
  /** Default whoever runs this process. */
  readonly user?: RunningUser
}

/** Node's sentence repeats the path, SQLite's code says nothing. */
function inShort(cause: unknown): string {
  const code = errorCode(cause)
  if (code !== null && code !== 'ERR_SQLITE_ERROR') return code
  return cause instanceof Error ? cause.message : String(cause)
}
