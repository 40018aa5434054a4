import { useRef } from 'react'
import { useNavigate } from 'react-router'
import type { StartCallBody } from '@belfry/contracts'
import { useApp } from '../../app/app-context.ts'
import { useLive } from '../../app/live-context.ts'
import { troubleWords } from '../../model/trouble-words.ts'

/** Starts a call and goes to it. A second press while the first is on its way does nothing. */
export function useStartCall(): (body: StartCallBody) => Promise<void> {
  const { api } = useApp()
  const { ring, toasts } = useLive()
  const navigate = useNavigate()
  const isStarting = useRef(false)
  return async (body) => {
    if (isStarting.current) return
    isStarting.current = true
    const reply = await api.startCall(body)
    isStarting.current = false
    if (reply.ok) {
      ring.started(reply.value)
      await navigate(`/calls/${encodeURIComponent(reply.value.sessionId)}`)
      return
    }
    toasts.show({
      key: 'call failed',
      title: 'The call could not be started',
      text: troubleWords(reply.problem),
      face: null,
      path: null,
    })
  }
}
