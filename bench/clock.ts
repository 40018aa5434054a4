/**
 * Milliseconds of the machine's monotonic clock, which all processes share: a moment taken in one
 * can be subtracted from one taken in another. `performance.now` starts with its process.
 */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
