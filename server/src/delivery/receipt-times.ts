/** Expo's documentation: ask after 15 minutes, then after 30 minutes, 2 hours and 8 hours. */
const laterMs = [30 * 60_000, 2 * 3_600_000, 8 * 3_600_000] as const

/** When Expo is asked first what became of a push. The 15 minutes can be set. Milliseconds since 1970. */
export function firstReceiptTimeMs(createdAtMs: number, receiptDelayMs: number): number {
  return createdAtMs + receiptDelayMs
}

/** When it is asked again, as of `nowMs`. Null: no more, it will not say. */
export function nextReceiptTimeMs(createdAtMs: number, nowMs: number): number | null {
  return laterMs.map((ms) => createdAtMs + ms).find((atMs) => atMs > nowMs) ?? null
}
