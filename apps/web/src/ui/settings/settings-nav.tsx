import { Bell } from 'lucide-react'
import { Link, useLocation } from 'react-router'
import { useApp } from '../../app/app-context.ts'
import { Icon } from '../icon.tsx'

const anchors = [
  { id: 'status', label: 'Status' },
  { id: 'devices', label: 'Devices' },
  { id: 'what-they-show', label: 'What they show' },
  { id: 'where', label: 'What rings where' },
] as const

/** In the app on a phone. */
const appAnchors = [...anchors, { id: 'server', label: 'Server' }] as const

/** The pages of the settings, and the parts of the one that is open. */
export function SettingsNav() {
  const { hash } = useLocation()
  const { phone } = useApp()
  const shown = phone === null ? anchors : appAnchors
  const here = shown.find(({ id }) => hash === `#${id}`)?.id ?? 'status'
  return (
    <nav className="list-pane" aria-label="Settings">
      <header className="top">
        <p className="heading grow">Settings</p>
      </header>
      <div className="rows">
        <Link className="nav-item inset" to="/settings/notification" aria-current="page">
          <Icon sign={Bell} />
          Notification
        </Link>
        <div className="anchors">
          {shown.map(({ id, label }) => (
            <a
              key={id}
              className="nav-item inset"
              href={`#${id}`}
              aria-current={here === id ? 'true' : undefined}
            >
              {label}
            </a>
          ))}
        </div>
      </div>
    </nav>
  )
}
