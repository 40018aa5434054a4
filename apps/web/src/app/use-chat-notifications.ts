import type { WorkerToPage } from '@belfry/contracts'
import { useEffect } from 'react'
import { useNavigate } from 'react-router'
import { keys } from '../model/query-keys.ts'
import { useApp } from './app-context.ts'
import { useLive } from './live-context.ts'

/** What the service worker tells of messages. Calls are heard by the ring. */
export function useChatNotifications(): void {
  const { belfry, queries } = useApp()
  const { attention } = useLive()
  const navigate = useNavigate()

  useEffect(() => {
    function onMessage(message: WorkerToPage): boolean {
      switch (message.type) {
        case 'notification_click':
          void navigate(message.path)
          return true
        case 'chat_push':
          // Only where that conversation lies before the person's eyes is the notification needless.
          return attention.sees(message.conversationId)
        case 'subscription_changed':
          void belfry.sync().then(() => queries.invalidateQueries({ queryKey: keys.bell }))
          return true
        case 'incoming_call_click':
        case 'incoming_call_push':
          return false
      }
    }
    return belfry.onWorkerMessage(onMessage)
  }, [attention, belfry, navigate, queries])

  // What is read here needs no notification any more.
  useEffect(
    () =>
      attention.subscribe(() => {
        const seen = attention.seen()
        if (seen !== null) void belfry.closeNotifications(`chat-${seen}`)
      }),
    [attention, belfry],
  )
}
