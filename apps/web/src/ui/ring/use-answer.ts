import { useCallback } from 'react'
import { useNavigate } from 'react-router'
import { useLive } from '../../app/live-context.ts'
import { useBelfry } from '../settings/use-belfry.ts'

/** Takes a call here: ends the one this page is in, answers, and goes to it. When it was too late, goes to what became of it. */
export function useAnswer(): (sessionId: string, camera: boolean) => Promise<void> {
  const { ring } = useLive()
  const belfry = useBelfry()
  const navigate = useNavigate()
  return useCallback(
    async (sessionId, camera) => {
      const { talking } = ring.snapshot()
      if (talking !== null && talking.sessionId !== sessionId) await ring.end(talking.sessionId)
      const reply = await ring.answer(sessionId)
      if (reply.kind === 'unreachable') return
      void belfry.closeNotifications(notificationTag(sessionId))
      if (reply.kind === 'call') {
        await navigate(`/calls/${encodeURIComponent(sessionId)}`, { state: { camera } })
      } else {
        await navigate(incomingPath(sessionId))
      }
    },
    [ring, belfry, navigate],
  )
}

/** The tag under which a call's notification lies on this device. */
export function notificationTag(sessionId: string): string {
  return `call-${sessionId}`
}

/** The address that asks the server for the call first: it rings, or it says what became of it. */
export function incomingPath(sessionId: string): string {
  return `/calls/incoming?${new URLSearchParams({ sessionId }).toString()}`
}
