import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { isDiskFull } from './sqlite-error.ts'

/**
 * Whether there is room to write, and what to do when there is none.
 *
 *   roomy ──exhausted──▶ full ──the reserve could be put back──▶ roomy
 *
 * On a full disk SQLite can neither delete nor checkpoint: both write first. So a file of zeros is kept,
 * and given up for exactly that. While `full`, only what frees space is let through, or new messages would
 * eat the reserve; the reserve's coming back is the proof that there is room again.
 */
export interface DiskSpace {
  /** Whether such a write may be tried now. Looks for room again at most every `lookEveryMs`. */
  admits(freesSpace: boolean): boolean
  /** A write found no room. */
  exhausted(): void
}

export interface DiskSpaceOptions {
  readonly reservePath: string
  readonly reserveBytes: number
  readonly lookEveryMs: number
  /** Never goes backwards. */
  readonly monotonicMs: () => number
  /** Hands pages that are no longer used back to the disk. */
  readonly reclaim: () => void
}

export function createDiskSpace(options: DiskSpaceOptions): DiskSpace {
  let full = !reserve(options)
  let lookedAtMs = options.monotonicMs()

  function look(): boolean {
    const nowMs = options.monotonicMs()
    if (nowMs - lookedAtMs < options.lookEveryMs) return false
    lookedAtMs = nowMs
    options.reclaim()
    full = !reserve(options)
    return !full
  }

  return {
    admits: (freesSpace) => !full || freesSpace || look(),
    exhausted() {
      full = true
      lookedAtMs = options.monotonicMs()
      rmSync(options.reservePath, { force: true })
    },
  }
}

/** False when there is no room for it: then nothing of it is left behind. */
function reserve({ reservePath, reserveBytes }: DiskSpaceOptions): boolean {
  if (statSync(reservePath, { throwIfNoEntry: false })?.size === reserveBytes) return true
  const chunk = Buffer.alloc(Math.min(reserveBytes, 1024 * 1024))
  const file = openSync(reservePath, 'w', 0o600)
  try {
    // Written, not only made long: a hole in a file holds no room.
    for (let written = 0; written < reserveBytes;) {
      written += writeSync(file, chunk, 0, Math.min(chunk.length, reserveBytes - written))
    }
    fsyncSync(file)
    return true
  } catch (cause) {
    rmSync(reservePath, { force: true })
    if (isDiskFull(cause)) return false
    throw cause
  } finally {
    closeSync(file)
  }
}
