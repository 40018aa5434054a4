import { BellOff } from 'lucide-react'
import { Icon } from '../ui/icon.tsx'
import { useApp } from './app-context.ts'
import { EnableButton } from './enable-button.tsx'
import { useBell } from './use-bell.ts'

/** On a phone, above the list: this browser, or this phone, could ring, and does not. */
export function BellStrip() {
  const { phone } = useApp()
  const { kind } = useBell()
  if (kind !== 'waits') return null
  return (
    <div className="strip bell on-phone-only" role="status">
      <Icon sign={BellOff} />
      <p>Notifications are off {phone === null ? 'in this browser' : 'on this phone'}.</p>
      <EnableButton>Enable</EnableButton>
    </div>
  )
}
