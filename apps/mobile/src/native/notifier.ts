import {
  AndroidNotificationPriority,
  cancelScheduledNotificationAsync,
  dismissNotificationAsync,
  getPresentedNotificationsAsync,
  type NotificationContentInput,
  scheduleNotificationAsync,
  SchedulableTriggerInputTypes,
} from 'expo-notifications'
import { channelIds, ringSound } from '../notifications/channels.ts'
import { ringCategory } from '../notifications/on-response.ts'
import type { Note, NoteKind, Notifier } from '../notifications/phone.ts'
import { writePushData } from '../notifications/push-data.ts'
import { shownTag } from '../notifications/shown-tag.ts'

const looks: Readonly<Record<NoteKind, NotificationContentInput>> = {
  ring: {
    categoryIdentifier: ringCategory,
    // Stays until it is answered, declined or replaced.
    sticky: true,
    autoDismiss: false,
    priority: AndroidNotificationPriority.MAX,
    sound: ringSound,
    interruptionLevel: 'timeSensitive',
  },
  // Without sound expo-notifications tells Android to be silent, whatever the channel says.
  note: { sound: false, priority: AndroidNotificationPriority.DEFAULT },
}

const channelOf: Readonly<Record<NoteKind, string>> = {
  ring: channelIds.calls,
  note: channelIds.missedCalls,
}

/** The phone's notifications through expo-notifications. */
export function phoneNotifier(): Notifier {
  return {
    async show(note) {
      await scheduleNotificationAsync({
        ...request(note),
        trigger: { channelId: channelOf[note.kind] },
      })
    },
    async showAt(note, atMs) {
      await scheduleNotificationAsync({
        ...request(note),
        trigger: {
          type: SchedulableTriggerInputTypes.DATE,
          date: atMs,
          channelId: channelOf[note.kind],
        },
      })
    },
    cancel: (tag) => cancelScheduledNotificationAsync(tag),
    async dismiss(tag) {
      await dismissNotificationAsync(tag)
      const others = (await shownIdentifiers()).filter((id) => id !== tag && shownTag(id) === tag)
      await Promise.all(others.map((id) => dismissNotificationAsync(id)))
    },
    isShown: async (tag) => (await shownIdentifiers()).some((id) => shownTag(id) === tag),
  }
}

function request({ kind, title, body, data }: Note) {
  return {
    identifier: data.tag,
    content: { ...looks[kind], title, body, data: writePushData(data) },
  }
}

async function shownIdentifiers(): Promise<readonly string[]> {
  return (await getPresentedNotificationsAsync()).map(({ request: { identifier } }) => identifier)
}
