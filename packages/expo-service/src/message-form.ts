import type { ExpoMessage, MessageForm } from './expo-message.ts'

/**
 * How a message arrives: presence of title, subtitle, body, icon or channelId makes it one that the
 * system draws. `channelId: null` is present too: it names the channel "Default".
 */
export function formOf(message: ExpoMessage): MessageForm {
  const { title, subtitle, body, icon, channelId } = message
  const drawn = [title, subtitle, body, icon, channelId].some((part) => part !== undefined)
  return drawn ? 'titled' : 'headless'
}
