import type { PushData, PushPayload } from '@belfry/contracts'
import { shorten } from './shorten.ts'
import { words } from './words.ts'

export interface PayloadInput {
  readonly title: string
  readonly body: string
  /** Absolute address. */
  readonly navigate: string
  readonly tag: string
  readonly silent: boolean
  readonly data: PushData
}

/**
 * The one JSON for all browsers (contracts: `PushPayload`), at most `maxBytes` of UTF-8. The body is
 * shortened first, then the title; what programs read is never cut.
 */
export function pushPayload(input: PayloadInput, maxBytes: number): string {
  const write = (title: string, body: string) => {
    const payload: PushPayload = {
      web_push: 8030,
      notification: {
        title,
        body,
        navigate: input.navigate,
        tag: input.tag,
        lang: words.lang,
        dir: 'auto',
        silent: input.silent,
        data: input.data,
      },
      mutable: false,
      ...flatKeys(input.data),
    }
    return JSON.stringify(payload)
  }
  const fits = (title: string, body: string) => Buffer.byteLength(write(title, body)) <= maxBytes
  // A character takes at least one byte: more than `maxBytes` of them never fit, so the search starts there.
  const body = shorten(input.body.slice(0, maxBytes).toWellFormed(), (text) =>
    fits(input.title, text),
  )
  const title = fits(input.title, body)
    ? input.title
    : shorten(input.title, (text) => fits(text, ''))
  return write(title === '' ? '…' : title, body)
}

/** At the top level, for simple service workers of others. */
function flatKeys(
  data: PushData,
): Pick<
  PushPayload,
  'type' | 'sessionId' | 'callerUid' | 'callerName' | 'conversationId' | 'senderId'
> {
  switch (data.type) {
    case 'incoming_call':
    case 'call_ended':
    case 'missed_call':
      return {
        type: data.type,
        sessionId: data.sessionId,
        callerUid: data.callerUid,
        callerName: data.callerName,
      }
    case 'chat_message':
      return { type: data.type, conversationId: data.conversationId, senderId: data.senderId }
    case 'test':
      return { type: data.type }
  }
}
