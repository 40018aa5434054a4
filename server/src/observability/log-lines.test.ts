import { expect, test } from 'vitest'
import { logLines } from './log-lines.ts'

test('the lines that the documentation names are exactly these', () => {
  expect(logLines.busStarted).toBe('Bus started')
  expect(logLines.dead).toBe('Broker: a message was set aside, see belfry dead list')
  for (const channel of ['WebPush', 'ExpoPush'] as const) {
    expect([
      logLines.consumingChat(channel, 'M'),
      logLines.sentChat(channel, 'M'),
      logLines.consumingCall(channel, 'S'),
      logLines.sentCall(channel, 'S'),
    ]).toEqual([
      `${channel}: Consuming chat message M`,
      `${channel}: Sent chat push for message M`,
      `${channel}: Consuming incoming call S`,
      `${channel}: Sent call push for S`,
    ])
  }
})
