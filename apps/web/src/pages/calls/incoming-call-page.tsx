import { useEffect, useState } from 'react'
import { Navigate, useSearchParams } from 'react-router'
import { useLive } from '../../app/live-context.ts'
import { useTitle } from '../../app/use-title.ts'
import type { CallReply } from '../../model/ring.ts'
import { isAsked, isOver } from '../../model/ring-state.ts'
import { CallAsked, CallUnreachable, NoSuchCall } from '../../ui/call/call-absent.tsx'
import { CallRecord } from '../../ui/call/call-record.tsx'
import { useWhen } from '../../ui/call/use-when.ts'
import { useRing } from '../../ui/ring/use-ring.ts'
import '../../ui/styles/call-record.css'

/**
 * Where a notification of a call leads. The server is asked first: what still rings, rings here
 * (the dialog then is the page); what is over says what became of it. Never a ring for a dead call.
 */
export function IncomingCallPage() {
  const [search] = useSearchParams()
  const sessionId = search.get('sessionId') ?? ''
  useTitle('Call')
  return sessionId === '' ? <NoSuchCall /> : <Landing key={sessionId} sessionId={sessionId} />
}

function Landing({ sessionId }: { readonly sessionId: string }) {
  const { me, ring } = useLive()
  const { calls, here, incoming } = useRing()
  const [reply, setReply] = useState<CallReply['kind'] | null>(null)
  const [attempt, setAttempt] = useState(0)
  const when = useWhen()
  const call = calls.get(sessionId)

  useEffect(() => {
    let isHere = true
    void ring.load(sessionId).then((answer) => isHere && setReply(answer.kind))
    return () => {
      isHere = false
    }
  }, [ring, sessionId, attempt])

  if (call !== undefined && reply !== null) {
    const isMine = call.callerId === me.id || here.has(sessionId)
    if (isMine && !isOver(call.state)) {
      return <Navigate to={`/calls/${encodeURIComponent(sessionId)}`} replace />
    }
    // It rings: the dialog is the page, and this lies behind it.
    if (incoming?.call.sessionId === sessionId && isAsked(call, me.id)) return <CallAsked />
    return <CallRecord call={call} userId={me.id} when={when} />
  }
  if (reply === 'unknown') return <NoSuchCall />
  if (reply === 'unreachable') return <CallUnreachable onRetry={() => setAttempt(attempt + 1)} />
  return <CallAsked />
}
