import { Bell, BellOff, Ellipsis, Phone, Video } from 'lucide-react'
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { Avatar } from '../avatar.tsx'
import { Button, IconButton } from '../button.tsx'
import { Icon } from '../icon.tsx'
import { BackToChats } from './back-to-chats.tsx'

export interface ConversationHeaderProps {
  readonly name: string
  readonly isGroup: boolean
  readonly faceId: string
  /** *Rings on 2 devices*, *Cannot be rung now*. */
  readonly reach: string
  readonly canRing: boolean
  readonly isMuted: boolean
  readonly onCall: (media: 'audio' | 'video') => void
  /** Null while it is not known whether it is muted. */
  readonly onMute: ((isMuted: boolean) => void) | null
}

/** Who it is, whether a call would ring there, and the ways to call. */
export function ConversationHeader(props: ConversationHeaderProps) {
  const { name, faceId, reach, canRing, onCall } = props
  return (
    <header className="top">
      <BackToChats />
      <div className="person grow">
        <Avatar id={faceId} name={name} isGroup={props.isGroup} size={36} />
        <div>
          <h1 className="person-name cut">
            <bdi>{name}</bdi>
          </h1>
          <p className={canRing ? 'reach' : 'reach cannot'}>
            <Icon sign={canRing ? Bell : BellOff} />
            <span className="cut">{reach}</span>
          </p>
        </div>
      </div>
      <Button look="quiet" className="on-desk" sign={Phone} onClick={() => onCall('audio')}>
        Call
      </Button>
      <Button look="quiet" className="on-desk" sign={Video} onClick={() => onCall('video')}>
        Video call
      </Button>
      <IconButton className="on-phone" sign={Phone} label="Call" onClick={() => onCall('audio')} />
      <IconButton
        className="on-phone"
        sign={Video}
        label="Video call"
        onClick={() => onCall('video')}
      />
      <MoreMenu {...props} />
    </header>
  )
}

function MoreMenu({ isMuted, onMute }: ConversationHeaderProps) {
  if (onMute === null) return null
  return (
    <MenuTrigger>
      <AriaButton className="icon-button" aria-label="More about this conversation">
        <Icon sign={Ellipsis} />
      </AriaButton>
      <Popover className="menu-popover" placement="bottom end" offset={4}>
        <Menu className="menu" aria-label="This conversation" onAction={() => onMute(!isMuted)}>
          <MenuItem id="mute" className="menu-item">
            <Icon sign={isMuted ? Bell : BellOff} />
            {isMuted ? 'Unmute' : 'Mute'}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
