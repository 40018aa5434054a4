import type { ExpoMessage } from '@belfry/expo-push'
import { callText, type CallPush } from '../../delivery/call-push.ts'
import type { ExpoCallData, ExpoData } from '../../delivery/expo-data.ts'
import { expoPayload } from '../../delivery/expo-payload.ts'
import { expoMaxBytes, type ExpoContent } from '../../delivery/expo-push-channel.ts'
import { expoTag } from '../../delivery/expo-tag.ts'
import { shortenJson } from '../../delivery/shorten.ts'
import { words } from '../../delivery/words.ts'
import type { PhoneDevice } from '../../devices/device.ts'
import type { WorkerContext } from './worker-context.ts'

type Message = Omit<ExpoMessage, 'to'>

/** A name is said in the title too, and shortened there by what is left; in the data it may take this. */
const mostNameBytes = 300

/** All pushes of one call share their tag, so that the later one replaces the ring. */
export function callContent(
  context: Pick<WorkerContext, 'capabilities' | 'now'>,
  push: CallPush<PhoneDevice>,
): ExpoContent {
  const isBare = push.maxBytes <= expoMaxBytes.smallest
  const isNamed = push.preview !== 'none' && !isBare
  const data: ExpoCallData = {
    ...callData(context, push),
    callerName: isNamed ? shortenJson(push.call.callerName, mostNameBytes) : words.someone,
    url: `/calls/incoming?sessionId=${encodeURIComponent(push.call.sessionId)}`,
  }
  return {
    pace: push.type === 'missed_call' ? 'patient' : 'ring',
    message: expoPayload(
      {
        ...callText(push, isNamed),
        data,
        message: isHeadless(push) ? headless(push) : titled(push),
      },
      push.maxBytes,
    ),
  }
}

function callData(
  { capabilities, now }: Pick<WorkerContext, 'capabilities' | 'now'>,
  { type, call, key, to, ended, expiresAtMs }: CallPush<PhoneDevice>,
): Omit<ExpoCallData, 'callerName' | 'url'> {
  const { sessionId, callerId, media } = call
  return {
    v: 1,
    type,
    id: key.id,
    tag: expoTag(capabilities, 'call', sessionId),
    sessionId,
    callerUid: callerId,
    media,
    ...(type === 'call_ended' ? { reason: ended?.reason ?? 'cancelled' } : {}),
    ts: Math.floor(now() / 1000),
    exp: Math.floor(expiresAtMs / 1000),
    receipt: capabilities.receipt({
      deliveryId: key.id,
      deviceRowId: to.id,
      subjectId: sessionId,
    }),
  }
}

/** Android's system draws no buttons: there the app draws the ring itself, and what ends it. */
function isHeadless({ to, type }: CallPush<PhoneDevice>): boolean {
  return to.platform === 'android' && type !== 'missed_call'
}

/** Without title and channel, or the system would draw it: the app's own code runs. */
function headless({ type, ttlSeconds }: CallPush<PhoneDevice>) {
  return (title: string, body: string, data: ExpoData): Message => ({
    data: type === 'call_ended' ? { ...data, title, body } : { ...data },
    contentAvailable: true,
    priority: 'high',
    ttl: ttlSeconds,
  })
}

function titled({ type, to, ttlSeconds }: CallPush<PhoneDevice>) {
  return (title: string, body: string, data: ExpoData): Message => ({
    title,
    body,
    data: { ...data },
    priority: 'high',
    ttl: ttlSeconds,
    // Each platform replaces by its own word for it.
    ...(to.platform === 'android' ? {} : { collapseId: data.tag }),
    ...(to.platform === 'ios' ? {} : { tag: data.tag }),
    ...manners[type],
    ...(type === 'missed_call' && to.platform !== 'ios' ? { channelId: 'missed_calls_v1' } : {}),
  })
}

/** In the app's bundle, for iOS; Android's channel has its own. Where it is missing, the system plays its usual one. */
const ringSound = 'ring.wav'

const manners = {
  incoming_call: {
    sound: ringSound,
    categoryId: 'incoming_call',
    interruptionLevel: 'time-sensitive',
  },
  missed_call: { sound: 'default' },
  call_ended: { sound: null },
} as const
