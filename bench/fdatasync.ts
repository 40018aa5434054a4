import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { machineMs } from './clock.ts'

const rounds = 200
const pageBytes = 4096

/** How long the disk takes to make one appended page durable: milliseconds, one for each of 200. */
export function measureFdatasync(directory: string): number[] {
  const path = join(directory, 'fdatasync')
  const file = openSync(path, 'w', 0o600)
  const page = Buffer.alloc(pageBytes, 1)
  try {
    return Array.from({ length: rounds }, () => {
      const startMs = machineMs()
      writeSync(file, page)
      fdatasyncSync(file)
      return machineMs() - startMs
    })
  } finally {
    closeSync(file)
    rmSync(path)
  }
}
