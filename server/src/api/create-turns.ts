/** One at a time for each key; other keys do not wait. */
export type InTurn = <Result>(key: string, job: () => Promise<Result>) => Promise<Result>

/** The last job of each key is remembered until it is done, and nothing after that. */
export function createTurns(): InTurn {
  const last = new Map<string, Promise<unknown>>()
  return (key, job) => {
    const before = last.get(key) ?? Promise.resolve()
    const mine = before.then(job, job)
    last.set(key, mine)
    const forget = () => {
      if (last.get(key) === mine) last.delete(key)
    }
    mine.then(forget, forget)
    return mine
  }
}
