import { statSync, type Stats } from 'node:fs'
import { dirname } from 'node:path'

/** Who runs the program. */
export interface RunningUser {
  /** Undefined where the system has no such numbers. */
  readonly uid: number | undefined
  /** What this user sees of a path; throws where that is nothing. Default `statSync`. */
  readonly look?: (path: string) => Pick<Stats, 'uid' | 'mode' | 'isDirectory'>
}

/** What was refused, and what for. */
export interface Refusal {
  readonly path: string
  readonly kind: 'file' | 'folder'
  /** What Node or SQLite threw. */
  readonly cause: unknown
}

/**
 * Why the system refuses a file or folder, and how the right user gets it: sentences for whoever runs the
 * program. Null when the refusal is about something else than rights.
 */
export function accessCure(
  { path, kind, cause }: Refusal,
  { uid, look = statSync }: RunningUser = { uid: process.getuid?.() },
): string | null {
  const code = errorCode(cause)
  const obstacle = findObstacle(path, look)
  if (kind === 'file' && obstacle?.path === path && obstacle.isFolder)
    return 'It is a folder, where a file must be: look what put it there.'
  if (code === 'EROFS')
    return 'It is on a file system that is mounted read-only: mount it for writing.'
  if (code !== 'EACCES' && code !== 'EPERM' && code !== 'ERR_SQLITE_ERROR') return null
  if (uid === undefined) return 'Let the user who runs this program read and write it.'
  if (obstacle === null) return `This program runs as uid ${uid}: let that user use it.`
  const { owner, mode } = obstacle
  const runs = `belongs to uid ${owner} (mode ${mode.toString(8).padStart(4, '0')}), and this program runs as uid ${uid}`
  if (obstacle.path !== path) return `The folder ${obstacle.path} ${runs}: let that user into it.`
  const [bits, rights, recursive] = kind === 'folder' ? [0o700, 'rwx', ' -R'] : [0o600, 'rw', '']
  // Neither owner nor mode keeps root out.
  if (uid === 0 || (owner === uid && (mode & bits) === bits))
    return `It ${runs}, which would do: a mount, a flag of the file or a security module forbids it.`
  return owner === uid
    ? `It ${runs}: chmod u+${rights} ${path}`
    : `It ${runs}: chown${recursive} ${uid} ${path}`
}

/** As the system names it: `EACCES`, `ENOENT`. */
export function errorCode(cause: unknown): string | null {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : null
}

/** The path itself, or the nearest folder above it that can be looked at: that one keeps us out. */
function findObstacle(path: string, look: NonNullable<RunningUser['look']>) {
  for (let at = path; ; at = dirname(at)) {
    try {
      const stats = look(at)
      return { path: at, owner: stats.uid, mode: stats.mode & 0o777, isFolder: stats.isDirectory() }
    } catch {
      // Not there, or behind a folder that may not be entered: then that folder is the obstacle.
      if (dirname(at) === at) return null
    }
  }
}
