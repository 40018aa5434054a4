import { useEffect } from 'react'

/** Names the window after the page; what is unread comes first: `(3) Ana Ferreira · Belfry`. */
export function useTitle(title: string | null, unread = 0): void {
  useEffect(() => {
    const page = title === null ? 'Belfry' : `${title} · Belfry`
    document.title = unread > 0 ? `(${unread}) ${page}` : page
  }, [title, unread])
}
