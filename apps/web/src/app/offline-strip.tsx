import { WifiOff } from 'lucide-react'
import { Icon } from '../ui/icon.tsx'

/** While the server cannot be heard. */
export function OfflineStrip() {
  return (
    <div className="strip" role="status">
      <Icon sign={WifiOff} />
      <p>You are offline. What you write is kept and sent later.</p>
    </div>
  )
}
