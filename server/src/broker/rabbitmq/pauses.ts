/** Waits that an end can cut short: a close does not wait for a timer. */
export class Pauses {
  readonly #ends = new Set<() => void>()
  #over = false

  wait(delayMs: number): Promise<void> {
    if (this.#over) return Promise.resolve()
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        this.#ends.delete(end)
        resolve()
      }
      const timer = setTimeout(end, delayMs)
      this.#ends.add(end)
    })
  }

  /** Ends those under way and all to come. */
  end(): void {
    this.#over = true
    for (const end of this.#ends) end()
  }
}
