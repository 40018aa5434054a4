/** How a page lies in the frame. */
export interface ShellHandle {
  /** What a phone shows. */
  readonly open: 'list' | 'main'
  /** The page scrolls with the window. */
  readonly isLong: boolean
}

/** A route's `handle` as the shell reads it; null when the route says nothing. */
export function shellHandle(handle: unknown): ShellHandle | null {
  if (typeof handle !== 'object' || handle === null) return null
  return {
    open: 'open' in handle && handle.open === 'main' ? 'main' : 'list',
    isLong: 'isLong' in handle && handle.isLong === true,
  }
}
