import type { WorkerAck, WorkerToPage } from '@belfry/contracts'
import { isObject, text } from '@belfry/service-worker/record'
import type { WorkerMessageHandler } from './belfry-browser.ts'
import type { WorkerContainer, WorkerMessageEvent } from './browser-environment.ts'

/** Hears the worker, and answers it when the handler has taken a matter over. Returns: stops listening. */
export function listenToWorker(
  workers: WorkerContainer,
  handler: WorkerMessageHandler,
): () => void {
  const listener = (event: WorkerMessageEvent) => {
    const message = readWorkerMessage(event.data)
    if (message) void answer(event, message, handler)
  }
  workers.addEventListener('message', listener)
  // Messages wait until the document is loaded, unless we say that we are here.
  workers.startMessages()
  return () => workers.removeEventListener('message', listener)
}

async function answer(
  event: WorkerMessageEvent,
  message: WorkerToPage,
  handler: WorkerMessageHandler,
): Promise<void> {
  if (!(await handler(message))) return
  const ack: WorkerAck = { type: 'ack' }
  event.ports[0]?.postMessage(ack)
}

/** Null for another worker's message, or a version of ours that this page does not know. */
export function readWorkerMessage(data: unknown): WorkerToPage | null {
  if (!isObject(data)) return null
  const sessionId = text(data.sessionId)
  const conversationId = text(data.conversationId)
  const path = text(data.path)
  switch (data.type) {
    case 'incoming_call_click': {
      const action = data.action === 'answer' ? 'answer' : 'open'
      const callerUid = text(data.callerUid) ?? ''
      return sessionId ? { type: data.type, sessionId, callerUid, action } : null
    }
    case 'incoming_call_push': {
      const exp = typeof data.exp === 'number' ? data.exp : Infinity
      return sessionId ? { type: data.type, sessionId, exp } : null
    }
    case 'chat_push': {
      const messageId = text(data.messageId) ?? ''
      return conversationId ? { type: data.type, conversationId, messageId } : null
    }
    case 'notification_click':
      // A path of this app only: the worker sends no other, and another script's word is not taken.
      return path && /^\/(?![/\\])/.test(path) ? { type: data.type, path } : null
    case 'subscription_changed':
      return { type: data.type }
    default:
      return null
  }
}
