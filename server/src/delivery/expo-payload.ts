import type { ExpoMessage } from '@belfry/expo-push'
import type { ExpoData } from './expo-data.ts'
import { fitWords } from './fit-words.ts'

export interface ExpoPayloadInput {
  readonly title: string
  readonly body: string
  readonly data: ExpoData
  /** Puts the words where the phone's platform wants them. */
  readonly message: (title: string, body: string, data: ExpoData) => Omit<ExpoMessage, 'to'>
}

/**
 * A message of at most `maxBytes` of JSON, its token not counted. The path makes room first, when it alone
 * leaves none for words; then the body is shortened, then the title. With ids of our own
 * there is always room; the longest of others cost the id of who wrote or called.
 */
export function expoPayload(input: ExpoPayloadInput, maxBytes: number): Omit<ExpoMessage, 'to'> {
  const data = leanest(
    input.data,
    (shorter) => bytesOf(input.message('…', '', shorter)) <= maxBytes,
  )
  const write = (title: string, body: string) => input.message(title, body, data)
  return fitWords(input, { write, bytesOf, maxBytes })
}

function bytesOf(message: Omit<ExpoMessage, 'to'>): number {
  return Buffer.byteLength(JSON.stringify(message))
}

/** As much of the data as leaves room for a character of title. */
function leanest(data: ExpoData, fits: (data: ExpoData) => boolean): ExpoData {
  if (fits(data)) return data
  const { url: _, ...rest } = data
  if (fits(rest)) return rest
  if (rest.type === 'chat_message') {
    const { senderId: __, ...ids } = rest
    return ids
  }
  const { callerUid: __, ...ids } = rest
  return ids
}
