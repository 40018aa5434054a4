import { BellOff } from 'lucide-react'
import { memo } from 'react'
import { NavLink } from 'react-router'
import type { RowPreview } from '../../model/row-preview.ts'
import { Avatar } from '../avatar.tsx'
import { Icon } from '../icon.tsx'
import { StateIcon } from './state-icon.tsx'

export interface ConversationRowProps {
  readonly path: string
  readonly faceId: string
  readonly name: string
  readonly isGroup: boolean
  /** Empty when there is no message yet. */
  readonly time: string
  readonly preview: RowPreview
  readonly unread: number
  readonly isMuted: boolean
}

/** One conversation in the list: who, what last, when, how much is unread. */
export const ConversationRow = memo(function ConversationRow(props: ConversationRowProps) {
  const { name, time, unread } = props
  return (
    <li>
      <NavLink className={unread > 0 ? 'row inset is-unread' : 'row inset'} to={props.path}>
        <Avatar id={props.faceId} name={name} isGroup={props.isGroup} />
        <div>
          <div className="row-line">
            <span className="row-name cut">
              <bdi>{name}</bdi>
            </span>
            {props.isMuted ? <Icon sign={BellOff} small label="Muted" /> : null}
            <time dir="auto">{time}</time>
          </div>
          <div className="row-line">
            <Preview {...props.preview} />
            {unread > 0 ? (
              <span className="badge" role="img" aria-label={`${unread} unread`}>
                {unread > 99 ? '99+' : unread}
              </span>
            ) : null}
          </div>
        </div>
      </NavLink>
    </li>
  )
}, isSame)

function Preview({ lead, text, state }: RowPreview) {
  return (
    <span className="row-text">
      {state === null ? null : <StateIcon state={state} />}
      <span className="cut" dir="auto">
        {lead === null ? null : (
          <>
            <b>
              <bdi>{lead}</bdi>
            </b>{' '}
          </>
        )}
        <bdi>{text}</bdi>
      </span>
    </span>
  )
}

function isSame(before: ConversationRowProps, after: ConversationRowProps): boolean {
  return (
    before.path === after.path &&
    before.faceId === after.faceId &&
    before.name === after.name &&
    before.time === after.time &&
    before.unread === after.unread &&
    before.isMuted === after.isMuted &&
    before.preview.lead === after.preview.lead &&
    before.preview.text === after.preview.text &&
    before.preview.state === after.preview.state
  )
}
