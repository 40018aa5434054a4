import type { ChatMessage } from '@belfry/contracts'
import { deliverChatMessage } from '../../delivery/deliver-chat-message.ts'
import { chatContent } from './chat-content.ts'
import type { WorkerContext } from './worker-context.ts'

/** A message comes: browsers show it. */
export function onChatMessage(
  context: WorkerContext,
  event: ChatMessage,
  only: string | null,
): Promise<void> {
  const topic = context.capabilities.topic('chat', event.conversationId)
  return deliverChatMessage(context, event, {
    only,
    write: (push) => chatContent(context, push, topic),
  })
}
