import type { PushSubscription } from '@belfry/contracts'
import type { PhoneToken } from '../src/model/shell/shell-message.ts'

export function phoneToken(change: Partial<PhoneToken> = {}): PhoneToken {
  return {
    token: 'ExponentPushToken[abc]',
    platform: 'android',
    deviceId: 'install-1',
    projectId: 'project-1',
    deviceName: 'Pixel 9',
    appVersion: '1.0.0',
    drawsRings: true,
    ...change,
  }
}

export function phoneRow(change: Partial<PushSubscription> = {}): PushSubscription {
  return {
    id: 'row-1',
    kind: 'expo',
    platform: 'android',
    deviceName: 'Pixel 9',
    deviceId: 'install-1',
    host: 'exp.host',
    createdAt: '2026-11-20T10:00:00Z',
    lastSeenAt: '2026-11-21T13:59:00Z',
    lastAcceptedAt: null,
    lastShownAt: null,
    lastError: null,
    ...change,
  }
}
