import { Outlet, useMatches } from 'react-router'
import { Strip } from './strip.tsx'
import { useChatNotifications } from './use-chat-notifications.ts'
import { Rail } from './rail.tsx'
import { shellHandle } from './shell-handle.ts'

/** The frame: rail, list, main; on a phone one of them at a time, over tabs. */
export function Shell() {
  useChatNotifications()
  const handle = useMatches().reduce((found, match) => shellHandle(match.handle) ?? found, {
    open: 'list',
    isLong: false,
  })
  return (
    <div className={handle.isLong ? 'app is-long' : 'app'} data-open={handle.open}>
      <Strip isOverList={handle.open === 'list'} />
      <Rail />
      <Outlet />
    </div>
  )
}
