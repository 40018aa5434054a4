import type { ChatMessage, NotificationPreferences } from '@belfry/contracts'
import { words } from './words.ts'

/** What the notification of a message says to somebody who wishes to see so much. */
export function chatText(
  event: Pick<ChatMessage, 'senderName' | 'conversationTitle' | 'text'>,
  wish: Exclude<NotificationPreferences['preview'], 'auto'>,
): { title: string; body: string } {
  const title = words.chatTitle(event.senderName, event.conversationTitle)
  switch (wish) {
    case 'full':
      return { title, body: event.text }
    case 'sender':
      return { title, body: words.newMessage }
    case 'none':
      return { title: words.newMessage, body: '' }
  }
}
