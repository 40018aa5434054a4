/** The log lines that the documentation names. Operators grep for them: do not reword. */
export const logLines = {
  busStarted: 'Bus started',
  consumingChat: (channel: Channel, messageId: string) =>
    `${channel}: Consuming chat message ${messageId}`,
  sentChat: (channel: Channel, messageId: string) =>
    `${channel}: Sent chat push for message ${messageId}`,
  consumingCall: (channel: Channel, sessionId: string) =>
    `${channel}: Consuming incoming call ${sessionId}`,
  dead: 'Broker: a message was set aside, see belfry dead list',
  sentCall: (channel: Channel, sessionId: string) => `${channel}: Sent call push for ${sessionId}`,
} as const

export type Channel = 'WebPush' | 'ExpoPush'
