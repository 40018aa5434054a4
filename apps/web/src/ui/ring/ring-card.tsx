import type { Call } from '@belfry/contracts'
import { MessageSquareText, Phone, Video, VideoOff, VolumeX } from 'lucide-react'
import type { KeyboardEvent, RefObject } from 'react'
import { Button } from '../button.tsx'
import { Icon } from '../icon.tsx'
import { BellFace } from './bell-face.tsx'
import { RingReply } from './ring-reply.tsx'

export interface RingCardProps {
  readonly call: Call
  /** What is left of the ring window, 1 to 0. */
  readonly share: number
  /** The title of the group the call is for; null in a conversation of two. */
  readonly from: string | null
  /** An answer is on its way to the server. */
  readonly isBusy: boolean
  readonly problem: string | null
  /** The bell cannot be heard: offer to turn it on. */
  readonly isQuiet: boolean
  /** The card covers the whole window: nothing behind it may be reached. */
  readonly isModal: boolean
  /** Drawn over the whole window, however wide. */
  readonly isPage: boolean
  /** The person writes an answer instead. */
  readonly isReplying: boolean
  readonly cardRef: RefObject<HTMLDivElement | null>
  readonly onAnswer: (camera: boolean) => void
  readonly onDecline: () => void
  readonly onReplying: (isReplying: boolean) => void
  readonly onReply: (text: string) => void
  readonly onTurnOnSound: () => void
  /** Escape: quiet, and back to what one was doing. The call goes on ringing. */
  readonly onEscape: () => void
}

/**
 * The call that rings. Focus goes to the card itself, never to *Answer*: who is typing when it
 * rings must not take the call with the next space. Escape does not decline; it silences the bell
 * here and gives the focus back.
 */
export function RingCard(props: RingCardProps) {
  const { call, isModal } = props
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    if (props.isReplying) props.onReplying(false)
    else props.onEscape()
  }
  return (
    <div
      ref={props.cardRef}
      className={props.isPage ? 'ring night is-page' : 'ring night'}
      role="alertdialog"
      aria-modal={isModal}
      aria-labelledby="ring-name"
      aria-describedby="ring-about"
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <div className="ring-who">
        <BellFace id={call.callerId} name={call.callerName} share={props.share} rings />
        <div>
          <p className="ring-kind" id="ring-about">
            <Icon sign={call.media === 'video' ? Video : Phone} small />
            {call.media === 'video' ? 'Video call' : 'Call'}
          </p>
          <h2 className="title ring-name" id="ring-name" dir="auto">
            {call.callerName}
          </h2>
          {props.from === null ? null : (
            <p className="ring-from">
              from <bdi>{props.from}</bdi>
            </p>
          )}
        </div>
      </div>
      {props.problem === null ? null : (
        <p className="ring-problem small" role="alert">
          {props.problem}
        </p>
      )}
      {props.isReplying ? (
        <RingReply
          callerName={call.callerName}
          isBusy={props.isBusy}
          onSend={props.onReply}
          onBack={() => props.onReplying(false)}
        />
      ) : (
        <RingKeys {...props} />
      )}
    </div>
  )
}

function RingKeys({
  call,
  isBusy,
  isQuiet,
  onAnswer,
  onDecline,
  onReplying,
  onTurnOnSound,
}: RingCardProps) {
  const isVideo = call.media === 'video'
  return (
    <>
      <div className="ring-answers">
        <button type="button" className="ring-key no" aria-disabled={isBusy} onClick={onDecline}>
          <Icon sign={Phone} className="hangs-up" />
          Decline
        </button>
        <button
          type="button"
          className="ring-key yes"
          aria-disabled={isBusy}
          onClick={() => onAnswer(isVideo)}
        >
          <Icon sign={isVideo ? Video : Phone} />
          Answer
        </button>
      </div>
      <div className="ring-more">
        <Button look="quiet" sign={MessageSquareText} small onClick={() => onReplying(true)}>
          Reply with a message
        </Button>
        {isVideo ? (
          <Button look="quiet" sign={VideoOff} small onClick={() => onAnswer(false)}>
            Answer without camera
          </Button>
        ) : null}
      </div>
      {isQuiet ? (
        <div className="ring-sound">
          <button type="button" className="inset" onClick={onTurnOnSound}>
            <Icon sign={VolumeX} small />
            Turn on ringing sound
          </button>
        </div>
      ) : null}
    </>
  )
}
