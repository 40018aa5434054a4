import { useCallback, useLayoutEffect, useRef, type RefObject } from 'react'

export interface CardFocus {
  readonly cardRef: RefObject<HTMLDivElement | null>
  /** Gives the focus back to where it was, while the card stays. */
  readonly leave: () => void
}

/** The card takes the focus when it arrives, and gives it back when it goes, unless the person has moved on. */
export function useCardFocus(): CardFocus {
  const cardRef = useRef<HTMLDivElement>(null)
  const before = useRef<Element | null>(null)

  useLayoutEffect(() => {
    const card = cardRef.current
    before.current = document.activeElement
    card?.focus({ preventScroll: true })
    return () => {
      if (card !== null && holdsFocus(card)) focusOn(before.current)
    }
  }, [])

  const leave = useCallback(() => focusOn(before.current), [])
  return { cardRef, leave }
}

function holdsFocus(card: HTMLElement): boolean {
  return document.activeElement === document.body || card.contains(document.activeElement)
}

function focusOn(element: Element | null): void {
  if (element instanceof HTMLElement && element.isConnected && element !== document.body) {
    element.focus({ preventScroll: true })
    return
  }
  const { activeElement } = document
  if (activeElement instanceof HTMLElement) activeElement.blur()
}
