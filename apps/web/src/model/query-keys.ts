/** The names under which fetched things are kept. */
export const keys = {
  conversations: ['conversations'],
  messages: (conversationId: string) => ['messages', conversationId],
  people: (query: string) => ['people', query],
  subscriptions: ['subscriptions'],
  preferences: ['preferences'],
  calls: ['calls'],
  /** What this browser can do about notifications; asked of the browser, not of the server. */
  bell: ['bell'],
  me: ['me'],
} as const
