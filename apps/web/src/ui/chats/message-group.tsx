import { memo } from 'react'
import type { StreamGroup } from '../../model/message-stream.ts'
import { Avatar } from '../avatar.tsx'
import { Button } from '../button.tsx'
import { LinkedText } from '../linked-text.tsx'
import { StateIcon, stateWords } from './state-icon.tsx'

export interface MessageGroupProps {
  readonly group: StreamGroup
  /** Named, with a face, where more than two people talk. */
  readonly speaker: string | null
  /** Whether the name stands above; it does not when the same person went on. */
  readonly isNamed: boolean
  readonly time: string
  /** The whole date, for a pointer that rests on the time. */
  readonly fullTime: string
  /** Says the state in words below: only the last own one does. */
  readonly saysState: boolean
  readonly onRetry: (key: string) => void
  readonly onDiscard: (key: string) => void
}

/** One run of bubbles, one time at its end. */
export const MessageGroup = memo(function MessageGroup(props: MessageGroupProps) {
  const { group, speaker, saysState } = props
  const last = group.messages[group.messages.length - 1]
  const classes = `group${group.isMine ? ' is-mine' : ''}${speaker === null ? '' : ' has-face'}`
  return (
    <div className={classes}>
      {speaker === null ? null : (
        <>
          <p className={props.isNamed ? 'speaker' : 'unseen'}>
            <bdi>{speaker}</bdi>
          </p>
          <Avatar id={group.senderId} name={speaker} size={32} />
        </>
      )}
      {group.messages.map((message) => (
        <p className="bubble" dir="auto" key={message.key}>
          <LinkedText text={message.text} />
          {message === last ? <Meta {...props} /> : null}
        </p>
      ))}
      {last?.state === 'failed' ? (
        <div className="not-sent small">
          <span>Not sent.</span>
          <Button look="quiet" small onClick={() => props.onRetry(last.key)}>
            Try again
          </Button>
          <Button look="quiet" small onClick={() => props.onDiscard(last.key)}>
            Delete
          </Button>
        </div>
      ) : null}
      {saysState && last?.state != null && last.state !== 'failed' ? (
        <span className="state">{stateWords[last.state]}</span>
      ) : null}
    </div>
  )
}, isSame)

function Meta({ group, time, fullTime }: MessageGroupProps) {
  const last = group.messages[group.messages.length - 1]
  return (
    <span className="meta">
      <time dir="auto" dateTime={new Date(group.atMs).toISOString()} title={fullTime}>
        {time}
      </time>
      {last?.state == null ? null : <StateIcon state={last.state} />}
    </span>
  )
}

/** The stream is built anew at every change; most runs come out as they were. */
function isSame(before: MessageGroupProps, after: MessageGroupProps): boolean {
  return (
    before.saysState === after.saysState &&
    before.time === after.time &&
    before.speaker === after.speaker &&
    before.isNamed === after.isNamed &&
    before.onRetry === after.onRetry &&
    before.onDiscard === after.onDiscard &&
    before.group.messages.length === after.group.messages.length &&
    before.group.messages.every((message, at) => {
      const other = after.group.messages[at]
      return (
        message.key === other?.key && message.state === other.state && message.text === other.text
      )
    })
  )
}
