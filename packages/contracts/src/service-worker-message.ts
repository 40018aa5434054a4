/** What the service worker tells a page. The page answers on the transferred port with `WorkerAck`. */
export type WorkerToPage =
  | {
      type: 'incoming_call_click'
      sessionId: string
      callerUid: string
      /** `decline` never reaches the page: the worker declines by itself. */
      action: 'answer' | 'open'
    }
  | { type: 'notification_click'; path: string }
  | { type: 'incoming_call_push'; sessionId: string; exp: number }
  | { type: 'chat_push'; conversationId: string; messageId: string }
  | { type: 'subscription_changed' }

/** The page's answer: it has taken the matter over. */
export type WorkerAck = { type: 'ack' }
