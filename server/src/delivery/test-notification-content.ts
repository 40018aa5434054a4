import type { PushData } from '@belfry/contracts'
import type { BrowserDevice, PhoneDevice } from '../devices/device.ts'
import type { Capabilities } from './capabilities.ts'
import type { ExpoContent } from './expo-push-channel.ts'
import { pushPayload } from './push-payload.ts'
import type { PushContent } from './web-push-channel.ts'
import { words } from './words.ts'

/** What a test looks like, on a device of either kind. */
export interface TestNote<To> {
  readonly to: To
  readonly deliveryId: string
  readonly kind: 'message' | 'call'
}

export interface TestNoteOptions {
  readonly capabilities: Pick<Capabilities, 'receipt'>
  readonly appUrl: string
  readonly now: () => number
}

const ttlSeconds = 60
const tag = 'test'
const path = '/settings/notification'
const mostBytes = 2800

export function browserTest(options: TestNoteOptions, note: TestNote<BrowserDevice>): PushContent {
  const navigate = `${options.appUrl}${path}`
  const data = dataOf(options, note)
  const text = words.test[note.kind]
  const payload = pushPayload({ ...text, navigate, tag, silent: false, data }, mostBytes)
  return { payload, ttlSeconds, urgency: 'high' }
}

/** Titled on every platform: the system draws it, in the channel and with the sound of what it stands for. */
export function phoneTest(options: TestNoteOptions, note: TestNote<PhoneDevice>): ExpoContent {
  const { platform } = note.to
  const isCall = note.kind === 'call'
  const android = { tag, channelId: isCall ? 'calls_v1' : 'messages_v1' }
  const ios = {
    collapseId: tag,
    sound: 'default',
    ...(isCall ? { interruptionLevel: 'time-sensitive' as const } : {}),
  }
  return {
    pace: 'ring',
    message: {
      title: words.test[note.kind].title,
      body: words.worksOnPhone,
      data: { ...dataOf(options, note), tag, url: path },
      priority: 'high',
      ttl: ttlSeconds,
      ...(platform === 'ios' ? {} : android),
      ...(platform === 'android' ? {} : ios),
    },
  }
}

function dataOf(
  { capabilities, now }: TestNoteOptions,
  { to, deliveryId, kind }: TestNote<{ readonly id: string }>,
): PushData {
  const ts = Math.floor(now() / 1000)
  const receipt = capabilities.receipt({ deliveryId, deviceRowId: to.id, subjectId: '' })
  return { v: 1, type: 'test', kind, id: deliveryId, receipt, ts, exp: ts + ttlSeconds }
}
