import { BellOff } from 'lucide-react'
import { Icon } from '../ui/icon.tsx'
import { EnableButton } from './enable-button.tsx'
import { useBell } from './use-bell.ts'

/** On a phone, above the list: this browser could ring, and does not. */
export function BellStrip() {
  const { kind } = useBell()
  if (kind !== 'waits') return null
  return (
    <div className="strip bell on-phone-only" role="status">
      <Icon sign={BellOff} />
      <p>Notifications are off in this browser.</p>
      <EnableButton>Enable</EnableButton>
    </div>
  )
}
