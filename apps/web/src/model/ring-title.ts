/** Where the window's title is read and written. */
export interface TitlePlace {
  read(): string
  write(title: string): void
}

export interface RingTitle {
  /** Who rings now, or null. Call it once a second while it rings: the title takes turns. */
  show(callerName: string | null): void
}

/** The window's title while a call rings: the caller, then the page, in turn. With `isStill` it stays on the caller. */
export function createRingTitle(place: TitlePlace, isStill: () => boolean): RingTitle {
  let page: string | null = null
  let ours: string | null = null

  return {
    show(callerName) {
      // The page may have set its own title meanwhile: that is the one to come back to.
      if (ours === null || place.read() !== ours) page = place.read()
      if (callerName === null) {
        if (ours !== null && page !== null) place.write(page)
        ours = null
        return
      }
      const ringing = `${callerName} is calling`
      const shown = ours === ringing && !isStill() && page !== null ? page : ringing
      place.write(shown)
      ours = shown
    },
  }
}
