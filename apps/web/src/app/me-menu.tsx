import { LogOut } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { Avatar } from '../ui/avatar.tsx'
import { Icon } from '../ui/icon.tsx'
import { useLive } from './live-context.ts'
import { useSignOut } from './use-sign-out.ts'

export interface MeMenuProps {
  readonly className: string
  /** Of the avatar, in pixels. */
  readonly size: number
  readonly placement: 'end bottom' | 'bottom start'
}

/** Me, and the way out. */
export function MeMenu({ className, size, placement }: MeMenuProps) {
  const { me, outbox } = useLive()
  const unsent = useSyncExternalStore(outbox.subscribe, outbox.snapshot).length
  const signOut = useSignOut()
  return (
    <MenuTrigger>
      <AriaButton className={`${className} inset`}>
        <Avatar id={me.id} name={me.displayName} size={size} />
        <span className="unseen">{me.displayName}</span>
      </AriaButton>
      <Popover className="menu-popover" placement={placement} offset={8}>
        <p className="menu-who">
          <span className="cut">{me.displayName}</span>
          <span className="small faint cut">{me.username}</span>
        </p>
        <Menu className="menu" aria-label="My account" onAction={() => void signOut()}>
          <MenuItem id="sign-out" className="menu-item">
            <Icon sign={LogOut} className="turns" />
            <span>
              Sign out
              {unsent === 0 ? null : (
                <span className="small faint menu-note">{unsentWords(unsent)}</span>
              )}
            </span>
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}

function unsentWords(count: number): string {
  return count === 1
    ? 'One message is not sent yet, and would be lost.'
    : `${count} messages are not sent yet, and would be lost.`
}
