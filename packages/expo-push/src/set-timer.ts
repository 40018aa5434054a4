/** Runs `run` once, `delayMs` from now; calling what it returns prevents that. */
export type SetTimer = (run: () => void, delayMs: number) => () => void

/** The real thing. */
export const setSystemTimer: SetTimer = (run, delayMs) => {
  const timer = setTimeout(run, delayMs)
  return () => clearTimeout(timer)
}
