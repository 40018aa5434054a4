import { Bell, BellOff, MessageCircle, Settings } from 'lucide-react'
import { Link, NavLink } from 'react-router'
import { Icon } from '../ui/icon.tsx'
import { Mark } from '../ui/mark.tsx'
import { MeMenu } from './me-menu.tsx'
import { useBell } from './use-bell.ts'
import { useUnreadCount } from './use-unread-count.ts'

/** Where one can go; at its foot whether this browser rings, and me. On a phone: tabs. */
export function Rail() {
  const unread = useUnreadCount()
  return (
    <nav className="rail" aria-label="Main">
      <Mark label="Belfry" />
      <NavLink className="rail-item inset" to="/chats">
        <Icon sign={MessageCircle} />
        <span className="rail-label">Chats</span>
        {unread > 0 ? (
          <span className="badge" aria-label={`${unread} unread`}>
            {unread > 99 ? '99+' : unread}
          </span>
        ) : null}
      </NavLink>
      <NavLink className="rail-item inset" to="/settings/notification">
        <Icon sign={Settings} />
        <span className="rail-label">Settings</span>
      </NavLink>
      <div className="rail-space" />
      <RailBell />
      <MeMenu className="rail-item is-desk" size={32} placement="end bottom" />
    </nav>
  )
}

function RailBell() {
  const { kind, words } = useBell()
  return (
    <Link className="rail-item is-desk inset" to="/settings/notification" title={words}>
      <Icon sign={kind === 'on' || kind === 'unknown' ? Bell : BellOff} />
      {kind === 'on' ? <span className="dot" /> : null}
      <span className="rail-label">{words}</span>
    </Link>
  )
}
