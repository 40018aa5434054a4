import type { WorkerToPage } from '@belfry/contracts'
import { useEffect } from 'react'
import { useNavigate } from 'react-router'
import { useApp } from '../../app/app-context.ts'
import { useLive } from '../../app/live-context.ts'
import type { Ring } from '../../model/ring.ts'
import { useBelfry } from '../settings/use-belfry.ts'
import { incomingPath, useAnswer } from './use-answer.ts'

/** The worker waits 500 ms for the answer whether this page rings; the way back takes its share. */
const patienceMs = 400

/** What the service worker tells of calls: a push arrived, or the person chose something on the notification. */
export function useWorkerMessages(): void {
  const { clock } = useApp()
  const { ring } = useLive()
  const belfry = useBelfry()
  const navigate = useNavigate()
  const answer = useAnswer()

  useEffect(() => {
    function carryOut({ sessionId, action }: Choice): void {
      if (action === 'answer') void answer(sessionId, true)
      else if (!rings(ring, sessionId)) void navigate(incomingPath(sessionId))
    }

    async function onMessage(message: WorkerToPage): Promise<boolean> {
      if (message.type === 'incoming_call_push') {
        if (!rings(ring, message.sessionId)) {
          const late = new Promise<void>((resolve) => clock.after(resolve, patienceMs))
          await Promise.race([ring.load(message.sessionId), late])
        }
        // Only a page that is seen, and that shows the ring, may keep the notification away.
        return isSeen() && rings(ring, message.sessionId)
      }
      if (message.type !== 'incoming_call_click') return false
      carryOut(message)
      return true
    }

    /** A choice made while no page was there to hear of it. */
    async function takeUp(): Promise<void> {
      if (!isSeen()) return
      const pending = await belfry.takePendingAction()
      if (pending !== null) carryOut(pending)
    }
    const look = () => void takeUp()

    look()
    document.addEventListener('visibilitychange', look)
    const stop = belfry.onWorkerMessage(onMessage)
    return () => {
      document.removeEventListener('visibilitychange', look)
      stop()
    }
  }, [answer, belfry, clock, navigate, ring])
}

interface Choice {
  readonly sessionId: string
  readonly action: 'answer' | 'open'
}

function isSeen(): boolean {
  return document.visibilityState === 'visible'
}

/** Whether this page shows the ring, as the card or as the line of a second call. */
function rings(ring: Ring, sessionId: string): boolean {
  const { incoming, waiting } = ring.snapshot()
  return incoming?.call.sessionId === sessionId || waiting?.call.sessionId === sessionId
}
