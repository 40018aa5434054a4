import { useEffect, useState } from 'react'
import type { RingingCall } from '../../model/ring-state.ts'
import { RingCard } from './ring-card.tsx'
import { useCallActions } from './use-call-actions.ts'
import { useCardFocus } from './use-card-focus.ts'
import { useGroupTitle } from './use-group-title.ts'
import { useNarrow } from './use-narrow.ts'
import type { RingAlarm } from './use-ring-alarm.ts'

export interface IncomingCallProps {
  readonly ringing: RingingCall
  readonly alarm: RingAlarm
  /** The ring is the page, not a card above one. */
  readonly isPage: boolean
}

/** The card of the call that rings now. On a phone it covers everything, so nothing behind it can be reached. */
export function IncomingCall({ ringing, alarm, isPage }: IncomingCallProps) {
  const [isReplying, setReplying] = useState(false)
  const { cardRef, leave } = useCardFocus()
  const isNarrow = useNarrow()
  const isModal = isNarrow || isPage
  const from = useGroupTitle(ringing.call.conversationId)
  const actions = useCallActions(ringing.call)
  useInertPage(isModal)

  return (
    <RingCard
      call={ringing.call}
      share={ringing.share}
      from={from}
      isBusy={actions.isBusy}
      problem={actions.problem}
      isQuiet={alarm.bell === 'blocked' || alarm.bell === 'silenced'}
      isModal={isModal}
      isPage={isPage}
      isReplying={isReplying}
      cardRef={cardRef}
      onAnswer={actions.answer}
      onDecline={actions.decline}
      onReplying={setReplying}
      onReply={actions.reply}
      onTurnOnSound={() => {
        alarm.allow()
        // The button goes away under the finger: the focus stays in the card.
        cardRef.current?.focus()
      }}
      onEscape={() => {
        alarm.silence()
        if (!isModal) leave()
      }}
    />
  )
}

/** Takes the page behind a card that covers it out of reach, for the keyboard and for screen readers. */
function useInertPage(isInert: boolean): void {
  useEffect(() => {
    const page = document.querySelector('#root')
    page?.toggleAttribute('inert', isInert)
    return () => page?.removeAttribute('inert')
  }, [isInert])
}
