import type { Call, StartCallBody } from '@belfry/contracts'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useApp } from '../../app/app-context.ts'
import { useLive } from '../../app/live-context.ts'

export interface StartCall {
  /** Rings them, and goes to the call. */
  readonly start: (body: StartCallBody) => void
  readonly isStarting: boolean
  readonly problem: string | null
}

/** Begins a call and shows it. */
export function useStartCall(): StartCall {
  const { api } = useApp()
  const { ring } = useLive()
  const navigate = useNavigate()
  const [isStarting, setStarting] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  async function start(body: StartCallBody): Promise<void> {
    if (isStarting) return
    setStarting(true)
    setProblem(null)
    const reply = await api.startCall(body)
    setStarting(false)
    if (!reply.ok) {
      setProblem('The call could not be started. Try again.')
      return
    }
    ring.started(reply.value)
    await navigate(`/calls/${encodeURIComponent(reply.value.sessionId)}`)
  }

  return { start: (body) => void start(body), isStarting, problem }
}

/** Who rings when this person calls back, or again. */
export function callBackBody(call: Call, userId: string): StartCallBody {
  const calleeIds = call.callerId === userId ? call.calleeIds : [call.callerId]
  return { calleeIds, media: call.media }
}
