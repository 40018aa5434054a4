import type { PushSubscription, TestResults } from '@belfry/contracts'
import { tellsWhenShown } from './notification-status.ts'

/** What a test says of the kind of device that it runs on. */
export interface TestWords {
  readonly notSaved: string
  /** The cure for each answer of the push service but *accepted*, when the server has no better one. */
  readonly refused: Readonly<
    Record<Exclude<TestResults['results'][number]['outcome'], 'accepted'>, string>
  >
  /** Why nothing need come back from the device, when that is so. */
  readonly untold: (device: PushSubscription, isDelayed: boolean) => string | null
  /** The cure when nothing was shown. */
  readonly systemCure: string
}

const busy = 'The push service is busy or cannot be reached. Try again in a minute.'
const rejected =
  'The push service refused it. Whoever runs this server finds the reason in its log.'

/** @param systemCure it depends on the system */
export function browserTestWords(systemCure: string): TestWords {
  return {
    notSaved:
      'The server did not take this browser’s registration. Choose Repair, or try again in a minute.',
    refused: {
      gone: 'The push service no longer knows this browser. Choose Repair above.',
      retry: busy,
      rejected,
    },
    untold: ({ host }) =>
      tellsWhenShown(host) ? null : 'Apple does not tell us. Did it appear on this device?',
    systemCure,
  }
}

export function phoneTestWords(systemCure: string): TestWords {
  return {
    notSaved:
      'The server did not take this phone. The line above says why, or try again in a minute.',
    refused: {
      gone: 'Expo no longer knows this phone. Leave the app and come back, then test again.',
      retry: busy,
      rejected,
    },
    // The app says so only while it is in front: else the system draws, and starts nothing of ours.
    untold: (_device, isDelayed) =>
      isDelayed ? 'With the app behind, the phone does not tell us. Did it appear?' : null,
    systemCure,
  }
}
