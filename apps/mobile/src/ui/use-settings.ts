import { useEffect, useState } from 'react'
import type { Settings } from '../native/settings.ts'

/** What was stored, once it has been read. */
export interface StoredSettings {
  readonly isRead: boolean
  readonly origin: string | undefined
  readonly isPrimed: boolean
  readonly setOrigin: (origin: string) => void
  readonly setPrimed: () => void
}

export function useSettings(settings: Settings): StoredSettings {
  const [isRead, setRead] = useState(false)
  const [origin, setOrigin] = useState<string>()
  const [isPrimed, setPrimed] = useState(false)
  useEffect(() => {
    async function read() {
      const stored = await Promise.all([settings.origin(), settings.isPrimed()])
      setOrigin(stored[0])
      setPrimed(stored[1])
      setRead(true)
    }
    void read()
  }, [settings])
  return {
    isRead,
    origin,
    isPrimed,
    setOrigin(to) {
      setOrigin(to)
      void settings.setOrigin(to)
    },
    setPrimed() {
      setPrimed(true)
      void settings.setPrimed()
    },
  }
}
