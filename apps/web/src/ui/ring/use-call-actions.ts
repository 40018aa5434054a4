import type { Call } from '@belfry/contracts'
import { useState } from 'react'
import { useApp } from '../../app/app-context.ts'
import { useLive } from '../../app/live-context.ts'
import { useBelfry } from '../settings/use-belfry.ts'
import { notificationTag, useAnswer } from './use-answer.ts'
import { useRing } from './use-ring.ts'

export interface CallActions {
  readonly isBusy: boolean
  /** What did not work, in words. */
  readonly problem: string | null
  /** Takes the call here and goes to it. */
  readonly answer: (camera: boolean) => void
  readonly decline: () => void
  /** Sends a message to the caller, then declines. */
  readonly reply: (text: string) => void
}

/** What one can do about a call that rings. */
export function useCallActions(call: Call): CallActions {
  const { api } = useApp()
  const { ring } = useLive()
  const { busy, problem } = useRing()
  const belfry = useBelfry()
  const answer = useAnswer()
  const [isSending, setSending] = useState(false)
  const [unsent, setUnsent] = useState<string | null>(null)
  const { sessionId } = call

  async function decline(): Promise<void> {
    const reply = await ring.decline(sessionId)
    if (reply.kind !== 'unreachable') await belfry.closeNotifications(notificationTag(sessionId))
  }

  async function reply(text: string): Promise<void> {
    setSending(true)
    setUnsent(null)
    const conversationId = call.conversationId ?? (await openConversation(call.callerId))
    const sent = conversationId === null ? null : await api.sendMessage(conversationId, { text })
    setSending(false)
    if (sent?.ok === true) await decline()
    else setUnsent('The message was not sent. Try again, or decline.')
  }

  async function openConversation(userId: string): Promise<string | null> {
    const opened = await api.createConversation({ memberIds: [userId] })
    return opened.ok ? opened.value.id : null
  }

  return {
    isBusy: isSending || busy.has(sessionId),
    problem: unsent ?? (problem?.sessionId === sessionId ? problem.text : null),
    answer: (camera) => void answer(sessionId, camera),
    decline: () => void decline(),
    reply: (text) => void reply(text),
  }
}
