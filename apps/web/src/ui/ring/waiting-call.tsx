import type { Call } from '@belfry/contracts'
import { PhoneIncoming } from 'lucide-react'
import { Button } from '../button.tsx'
import { Icon } from '../icon.tsx'

export interface WaitingCallProps {
  readonly call: Call
  /** This page is in a call: answering ends it first. */
  readonly isTalking: boolean
  readonly isBusy: boolean
  readonly onDecline: () => void
  readonly onAnswer: () => void
}

/** A second call, in one line: it neither takes the focus nor covers the first. */
export function WaitingCall({ call, isTalking, isBusy, onDecline, onAnswer }: WaitingCallProps) {
  return (
    <div className="strip is-call night waiting-call" role="alert">
      <Icon sign={PhoneIncoming} />
      <p>
        <b>
          <bdi>{call.callerName}</bdi>
        </b>{' '}
        <span className="soft">is calling too</span>
      </p>
      <div className="strip-acts">
        <Button look="decline" aria-disabled={isBusy} onClick={onDecline}>
          Decline
        </Button>
        <Button look="answer" aria-disabled={isBusy} onClick={onAnswer}>
          {isTalking ? 'End and answer' : 'Answer'}
        </Button>
      </div>
    </div>
  )
}
