import type { Clock } from './clock.ts'

/** A short word at the edge: a message that arrived elsewhere, or something that did not work. */
export interface Toast {
  readonly key: string
  readonly title: string
  readonly text: string
  /** Who it is from; null for a word of the app itself. */
  readonly face: { readonly id: string; readonly name: string } | null
  /** Where a click leads; null when it leads nowhere. */
  readonly path: string | null
}

export interface Toasts {
  /** Shows it, in place of one with the same key, for a few seconds. */
  show(toast: Toast): void
  dismiss(key: string): void
  /** The pointer or the focus rests on it: it stays until `resume`. */
  hold(): void
  resume(): void
  snapshot(): readonly Toast[]
  subscribe(listener: () => void): () => void
  close(): void
}

const shownMs = 6000
const mostShown = 3

export function createToasts(clock: Pick<Clock, 'after'>): Toasts {
  const listeners = new Set<() => void>()
  const stops = new Map<string, () => void>()
  let toasts: readonly Toast[] = []

  function change(next: readonly Toast[]): void {
    toasts = next
    for (const listener of listeners) listener()
  }

  function dismiss(key: string): void {
    stops.get(key)?.()
    stops.delete(key)
    change(toasts.filter((toast) => toast.key !== key))
  }

  function count(key: string): void {
    stops.get(key)?.()
    stops.set(
      key,
      clock.after(() => dismiss(key), shownMs),
    )
  }

  function stopAll(): void {
    for (const stop of stops.values()) stop()
    stops.clear()
  }

  return {
    show(toast) {
      const others = toasts.filter(({ key }) => key !== toast.key)
      change([...others, toast].slice(-mostShown))
      count(toast.key)
    },
    dismiss,
    hold: stopAll,
    resume: () => toasts.forEach(({ key }) => count(key)),
    snapshot: () => toasts,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      stopAll()
      listeners.clear()
    },
  }
}
