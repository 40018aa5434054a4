import { randomUUID } from 'expo-crypto'
import {
  cancelAllScheduledNotificationsAsync,
  type DevicePushToken,
  dismissAllNotificationsAsync,
} from 'expo-notifications'
import { AppState } from 'react-native'
import { pushHandler, type PushOutcome } from '../notifications/on-push.ts'
import { responseHandler, type ResponseOutcome } from '../notifications/on-response.ts'
import { pageTaker, type PageTaker } from '../notifications/page-takes.ts'
import type { Phone } from '../notifications/phone.ts'
import type { PushData } from '../notifications/push-data.ts'
import type { Response } from '../notifications/read-response.ts'
import type { PushPort } from '../push-token/find-push.ts'
import type { OpeningSource } from '../shell/route-openings.ts'
import { phoneNotifier } from './notifier.ts'
import { phoneOpeningSource } from './opening-source.ts'
import { phonePush } from './phone-push.ts'
import { serverPost } from './server-post.ts'
import { phoneSettings, type Settings } from './settings.ts'

/** What the screens and the background task share. */
export interface Parts {
  readonly settings: Settings
  readonly phone: Phone
  readonly push: PushPort<DevicePushToken>
  readonly taker: PageTaker
  readonly openings: OpeningSource
  /** The page in front says whether it listens. */
  setPageListens(listens: boolean): void
  /** The person signs out, or uses another server: takes every notification and the badge away. */
  leaveServer(): void
  onPush(data: PushData): Promise<PushOutcome>
  onResponse(response: Response): Promise<ResponseOutcome>
}

/** Wires the app's parts to this phone, once for the life of its script. */
export function phoneParts(): Parts {
  const settings = phoneSettings({ makeId: randomUUID })
  const push = phonePush(settings)
  let isListening = false
  const taker = pageTaker({
    isListening: () => isListening && AppState.currentState === 'active',
    wait,
  })
  const phone: Phone = {
    nowMs: () => Date.now(),
    wait,
    clockWords: (atMs) =>
      new Date(atMs).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }),
    record: settings.record,
    notifier: phoneNotifier(),
    post: serverPost({ origin: () => settings.origin(), wait }),
    pageTakes: (tag) => taker.takes(tag),
  }
  return {
    settings,
    phone,
    push,
    taker,
    openings: phoneOpeningSource(),
    setPageListens(listens) {
      isListening = listens
    },
    leaveServer() {
      void cancelAllScheduledNotificationsAsync()
      void dismissAllNotificationsAsync()
      void push.setBadge(0)
    },
    onPush: pushHandler(phone),
    onResponse: responseHandler(phone),
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
