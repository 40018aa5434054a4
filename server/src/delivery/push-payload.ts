import type { PushData, PushPayload } from '@belfry/contracts'
import { fitWords } from './fit-words.ts'
import { shortenJson } from './shorten.ts'
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

/** Below this the flat keys, which only service workers of others read, make room for words. */
const roomyBytes = 1000
/** A name is said in the title too, and shortened there by what is left; in the data it may take this. */
const mostNameBytes = { roomy: 300, slim: 60 } as const

/**
 * The one JSON for all browsers (contracts: `PushPayload`), at most `maxBytes` of UTF-8. The body is
 * shortened first, then the title. Ids are never cut: with ids of our own there is always room.
 */
export function pushPayload(input: PayloadInput, maxBytes: number): string {
  const roomy = maxBytes >= roomyBytes
  const data = withShortName(input.data, roomy ? mostNameBytes.roomy : mostNameBytes.slim)
  const flat = roomy ? flatKeys(data) : { type: data.type }
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
        data,
      },
      mutable: false,
      ...flat,
    }
    return JSON.stringify(payload)
  }
  return fitWords(input, { write, bytesOf: Buffer.byteLength, maxBytes })
}

function withShortName(data: PushData, mostBytes: number): PushData {
  if (!('callerName' in data)) return data
  return { ...data, callerName: shortenJson(data.callerName, mostBytes) }
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
