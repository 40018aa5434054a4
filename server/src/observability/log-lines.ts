/** The log lines that the documentation names. Operators grep for them: do not reword. */
export const logLines = {
  busStarted: 'Bus started',
  consumingChat: (channel: Channel, messageId: string) =>
    `${channel}: Consuming chat message ${messageId}`,
  sentChat: (channel: Channel, messageId: string) =>
    `${channel}: Sent chat push for message ${messageId}`,
  consumingCall: (channel: Channel, sessionId: string) =>
    `${channel}: Consuming incoming call ${sessionId}`,
  sentCall: (channel: Channel, sessionId: string) => `${channel}: Sent call push for ${sessionId}`,
} as const

export type Channel = 'WebPush' | 'ExpoPush'
