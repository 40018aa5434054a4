import type { ChatMessage } from '@belfry/contracts'
import { deliverChatMessage } from '../../delivery/deliver-chat-message.ts'
import { chatContent } from './chat-content.ts'
import type { WorkerContext } from './worker-context.ts'

/** A message comes: phones show it. */
export function onChatMessage(
  context: WorkerContext,
  event: ChatMessage,
  only: string | null,
): Promise<void> {
  return deliverChatMessage(context, event, { only, write: (push) => chatContent(context, push) })
}
