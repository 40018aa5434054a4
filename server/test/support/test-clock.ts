/** A wall clock that a test moves. It begins at the real time and stands still. */
export interface TestClock {
  readonly now: () => number
  advance(ms: number): void
}

export function testClock(): TestClock {
  let nowMs = Date.now()
  return {
    now: () => nowMs,
    advance(ms) {
      nowMs += ms
    },
  }
}
