import { readFileSync } from 'node:fs'
import { errorCode } from './access-cure.ts'
import { FileAccessError } from './file-access-error.ts'

export type ReadFile = (path: string) => string

export const readUtf8: ReadFile = (path) => readFileSync(path, 'utf8')

/** The text of a file; null when there is none. @throws FileAccessError when it is there and cannot be read. */
export function existingText(path: string, readFile: ReadFile = readUtf8): string | null {
  try {
    return readFile(path)
  } catch (cause) {
    const code = errorCode(cause)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw new FileAccessError(path, 'read', { cause })
  }
}
