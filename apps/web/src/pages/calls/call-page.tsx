import type { Call } from '@belfry/contracts'
import { useEffect, useState } from 'react'
import { Navigate, useParams } from 'react-router'
import { useLive } from '../../app/live-context.ts'
import { useTitle } from '../../app/use-title.ts'
import type { CallReply } from '../../model/ring.ts'
import { isAsked } from '../../model/ring-state.ts'
import { otherEnd } from '../../model/ring-words.ts'
import { CallAsked, CallUnreachable, NoSuchCall } from '../../ui/call/call-absent.tsx'
import { CallingView, type CallViewProps } from '../../ui/call/calling-view.tsx'
import { OverView } from '../../ui/call/over-view.tsx'
import { TalkingView } from '../../ui/call/talking-view.tsx'
import { incomingPath } from '../../ui/ring/use-answer.ts'
import { useRing } from '../../ui/ring/use-ring.ts'
import '../../ui/styles/call-record.css'

/** One call: while it rings, while it is on, and what ended it. */
export function CallPage() {
  const { sessionId = '' } = useParams()
  return <KnownCall key={sessionId} sessionId={sessionId} />
}

function KnownCall({ sessionId }: { readonly sessionId: string }) {
  const { me, ring } = useLive()
  const { calls } = useRing()
  const [reply, setReply] = useState<CallReply['kind'] | null>(null)
  const [attempt, setAttempt] = useState(0)
  const call = calls.get(sessionId)
  useTitle(call === undefined ? 'Call' : otherEnd(call, me.id).name)

  useEffect(() => {
    let isHere = true
    void ring.load(sessionId).then((answer) => isHere && setReply(answer.kind))
    return () => {
      isHere = false
    }
  }, [ring, sessionId, attempt])

  if (call !== undefined) return <OneCall call={call} />
  if (reply === 'unknown') return <NoSuchCall />
  if (reply === 'unreachable') return <CallUnreachable onRetry={() => setAttempt(attempt + 1)} />
  return <CallAsked />
}

function OneCall({ call }: { readonly call: Call }) {
  const { me, ring } = useLive()
  const { busy, problem, serverNowMs } = useRing()
  const { sessionId } = call
  const isRinging = call.state === 'ringing'
  const isMine = call.callerId === me.id || call.state === 'accepted'

  // Whoever sees a running call here is in it, also after a reload.
  useEffect(() => {
    if (isMine) ring.joined(sessionId)
  }, [ring, sessionId, isMine])

  const view: CallViewProps = {
    call,
    userId: me.id,
    serverNowMs,
    isBusy: busy.has(sessionId),
    problem: problem?.sessionId === sessionId ? problem.text : null,
    onHangUp: () => void (isRinging ? ring.cancel(sessionId) : ring.end(sessionId)),
  }
  if (isAsked(call, me.id)) return <Navigate to={incomingPath(sessionId)} replace />
  if (isRinging && call.callerId === me.id) return <CallingView {...view} />
  if (call.state === 'accepted' && takesPart(call, me.id)) return <TalkingView {...view} />
  return <OverView call={call} userId={me.id} />
}

/** The caller, and the one who answered: others who were called too are not in it. */
function takesPart(call: Call, userId: string): boolean {
  if (call.callerId === userId) return true
  return call.callees.some((callee) => callee.id === userId && callee.state === 'accepted')
}
