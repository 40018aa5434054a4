import type { Call } from '@belfry/contracts'
import { createPortal } from 'react-dom'
import { useLocation } from 'react-router'
import { IncomingCall } from './incoming-call.tsx'
import { useCallActions } from './use-call-actions.ts'
import { useRing } from './use-ring.ts'
import { useRingAlarm } from './use-ring-alarm.ts'
import { useWorkerMessages } from './use-worker-messages.ts'
import { WaitingCall } from './waiting-call.tsx'
import '../styles/ring-dialog.css'

/**
 * The bell of the whole app: rendered once, over every page. Shows the call that rings, and a second
 * one in a line. On the page a notification leads to, the ring is the page.
 */
export function IncomingCallDialog() {
  const { incoming, waiting, talking, busy, serverNowMs } = useRing()
  const isAnswered = incoming !== null && busy.has(incoming.call.sessionId)
  const alarm = useRingAlarm(
    isAnswered ? null : (incoming?.call.callerName ?? null),
    Math.floor(serverNowMs / 1000),
  )
  const landing = useLanding()
  useWorkerMessages()

  return createPortal(
    <>
      {waiting === null ? null : (
        <SecondCall key={waiting.call.sessionId} call={waiting.call} isTalking={talking !== null} />
      )}
      {incoming === null ? null : (
        <IncomingCall
          key={incoming.call.sessionId}
          ringing={incoming}
          alarm={alarm}
          isPage={landing === incoming.call.sessionId}
        />
      )}
    </>,
    document.body,
  )
}

/** The call whose own page this is: `/calls/incoming?sessionId=…`. */
function useLanding(): string | null {
  const { pathname, search } = useLocation()
  return pathname === '/calls/incoming' ? new URLSearchParams(search).get('sessionId') : null
}

function SecondCall({ call, isTalking }: { readonly call: Call; readonly isTalking: boolean }) {
  const { isBusy, answer, decline } = useCallActions(call)
  return (
    <WaitingCall
      call={call}
      isTalking={isTalking}
      isBusy={isBusy}
      onDecline={decline}
      onAnswer={() => answer(call.media === 'video')}
    />
  )
}
