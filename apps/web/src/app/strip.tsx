import { useConnection } from './live-context.ts'
import { BellStrip } from './bell-strip.tsx'
import { OfflineStrip } from './offline-strip.tsx'
import { useOnline } from './use-online.ts'

/** The one bar across the app: that we are offline comes before everything else. */
export function Strip({ isOverList }: { readonly isOverList: boolean }) {
  const isOnline = useOnline()
  const connection = useConnection()
  if (!isOnline || connection === 'offline') return <OfflineStrip />
  return isOverList ? <BellStrip /> : null
}
