/** Passed at every step whose crash must be survived. Does nothing in production. */
export type Failpoint = (name: string) => Promise<void>

export const noFailpoint: Failpoint = () => Promise.resolve()

/** The same points under names of their own, for a part that passes those of another part too: `prefix.name`. */
export function prefixed(failpoint: Failpoint, prefix: string): Failpoint {
  return failpoint === noFailpoint ? failpoint : (name) => failpoint(`${prefix}.${name}`)
}

/** Thrown by a failpoint that was told to. */
export class FailpointError extends Error {
  readonly code = 'FAILPOINT'
  constructor(name: string) {
    super(`Failpoint ${name} was told to throw`)
    this.name = 'FailpointError'
  }
}

const delayMs = 1000

/**
 * `name:nth:kill|throw|delay|hang`, comma list. The nth passing of that name (1 is the first) is the one that fails.
 * `main.ts` makes one only when NODE_ENV is `test`.
 */
export function createFailpoint(text: string, kill: () => void): Failpoint {
  const armed = text.split(',').map((entry) => {
    const [name = '', nth = '1', action = 'kill'] = entry.trim().split(':')
    return { name, nth: Number(nth), action }
  })
  const passed = new Map<string, number>()
  return async (name) => {
    const count = (passed.get(name) ?? 0) + 1
    passed.set(name, count)
    const hit = armed.find((entry) => entry.name === name && entry.nth === count)
    if (hit === undefined) return
    if (hit.action === 'kill') kill()
    if (hit.action === 'throw') throw new FailpointError(name)
    if (hit.action === 'delay') await new Promise((resolve) => setTimeout(resolve, delayMs))
    if (hit.action === 'hang' || hit.action === 'kill') await new Promise(() => {})
  }
}
