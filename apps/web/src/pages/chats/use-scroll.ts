import { useEffect, useRef, useState, type RefObject } from 'react'

/** Nearer to the end than this counts as being there. */
const nearPx = 48
/** Older messages are asked for this long before they are needed. */
const aheadPx = 800

export interface ScrollOptions {
  readonly hasOlder: boolean
  readonly onNearTop: () => void
}

export interface Scroll {
  readonly view: RefObject<HTMLDivElement | null>
  readonly isAtLatest: boolean
  readonly toLatest: () => void
}

/** A list that grows upwards: scrolled to its end the position is 0, above it is negative. */
export function useScroll({ hasOlder, onNearTop }: ScrollOptions): Scroll {
  const view = useRef<HTMLDivElement>(null)
  const [isAtLatest, setAtLatest] = useState(true)

  useEffect(() => {
    const { current } = view
    if (current === null) return undefined
    const look = () => {
      setAtLatest(Math.abs(current.scrollTop) <= nearPx)
      const abovePx = current.scrollHeight - current.clientHeight - Math.abs(current.scrollTop)
      if (hasOlder && abovePx < aheadPx) onNearTop()
    }
    look()
    current.addEventListener('scroll', look, { passive: true })
    return () => current.removeEventListener('scroll', look)
  }, [hasOlder, onNearTop])

  return { view, isAtLatest, toLatest: () => view.current?.scrollTo({ top: 0 }) }
}
