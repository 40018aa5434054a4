import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { useApp } from '../../app/app-context.ts'
import { bellAudio } from '../../model/ring-bell-audio.ts'
import { RingBell, type BellAudio, type BellState } from '../../model/ring-bell.ts'
import { createRingTitle } from '../../model/ring-title.ts'

export interface RingAlarm {
  readonly bell: BellState
  /** Escape: no sound for this ring. */
  readonly silence: () => void
  /** Within a click: the browser lets it sound from now on. */
  readonly allow: () => void
}

/**
 * The sound and the window's title while somebody rings.
 * @param callerName who rings now; null is silence
 * @param second changes once a second while it rings: the title takes turns
 */
export function useRingAlarm(callerName: string | null, second: number): RingAlarm {
  const { clock } = useApp()
  const bell = useMemo(
    () => new RingBell({ openAudio, schedule: clock.after, claim: claimBell }),
    [clock],
  )
  const title = useMemo(() => createRingTitle(windowTitle, prefersStill), [])
  const state = useSyncExternalStore(bell.subscribe, bell.state)
  const rings = callerName !== null

  useEffect(() => {
    if (rings) bell.start()
    else bell.stop()
  }, [bell, rings])
  useEffect(() => () => bell.stop(), [bell])
  useEffect(() => title.show(callerName), [title, callerName, second])
  useEffect(() => () => title.show(null), [title])

  return useMemo(
    () => ({ bell: state, silence: () => bell.silence(), allow: () => bell.allow() }),
    [bell, state],
  )
}

const windowTitle = {
  read: () => document.title,
  write(title: string) {
    document.title = title
  },
}

function openAudio(): BellAudio | null {
  return typeof AudioContext === 'undefined' ? null : bellAudio(new AudioContext())
}

function prefersStill(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches
}

/** Two tabs of one browser would strike against each other: the first one that may sound has the bell. */
function claimBell(play: () => void): () => void {
  // Absent on plain http; one bell too many is better than none.
  if (!('locks' in navigator)) {
    play()
    return () => undefined
  }
  const asked = new AbortController()
  let giveBack: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    giveBack = resolve
  })
  navigator.locks
    .request('belfry.bell', { signal: asked.signal }, () => {
      play()
      return held
    })
    .catch(() => undefined) // Called off while it waited for its turn: nothing sounds, as wished.
  return () => {
    asked.abort()
    giveBack()
  }
}
