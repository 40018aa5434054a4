import {
  AndroidAudioUsage,
  AndroidImportance,
  type NotificationChannelInput,
} from 'expo-notifications'

/**
 * Android's channels. Once made, the system lets only the name and description change, so the id
 * bears a version. The server names these ids, too.
 */
export const channelIds = {
  calls: 'calls_v1',
  messages: 'messages_v1',
  missedCalls: 'missed_calls_v1',
} as const

/** In the app's own bundle, by the `expo-notifications` plugin. Two strokes every 2.4 s, for 24 s. */
export const ringSound = 'ring.wav'

/** Milliseconds still and shaking, in turn: two strokes, then a pause, as the sound has it. */
const ringVibration = Array.from({ length: 10 }, () => [0, 300, 120, 300, 1_680]).flat()

export const channels: ReadonlyArray<readonly [id: string, channel: NotificationChannelInput]> = [
  [
    channelIds.calls,
    {
      name: 'Calls',
      description: 'Rings while somebody calls',
      importance: AndroidImportance.MAX,
      sound: ringSound,
      // As loud as a ringing phone, and silent when that is.
      audioAttributes: { usage: AndroidAudioUsage.NOTIFICATION_RINGTONE },
      vibrationPattern: ringVibration,
      enableVibrate: true,
      showBadge: false,
    },
  ],
  [
    channelIds.messages,
    {
      name: 'Messages',
      description: 'New messages',
      importance: AndroidImportance.HIGH,
      audioAttributes: { usage: AndroidAudioUsage.NOTIFICATION_COMMUNICATION_INSTANT },
    },
  ],
  [
    channelIds.missedCalls,
    {
      name: 'Missed calls',
      description: 'Calls that nobody answered, and how a ring ended',
      importance: AndroidImportance.DEFAULT,
    },
  ],
]
