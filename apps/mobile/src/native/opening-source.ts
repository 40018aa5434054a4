import { addEventListener, getInitialURL } from 'expo-linking'
import {
  addNotificationResponseReceivedListener,
  clearLastNotificationResponse,
  getLastNotificationResponse,
} from 'expo-notifications'
import type { OpeningSource } from '../shell/route-openings.ts'

export function phoneOpeningSource(): OpeningSource {
  return {
    lastResponse: () => getLastNotificationResponse(),
    clearLastResponse: () => clearLastNotificationResponse(),
    onResponse(listener) {
      const subscription = addNotificationResponseReceivedListener(listener)
      return () => subscription.remove()
    },
    initialLink: () => getInitialURL(),
    onLink(listener) {
      const subscription = addEventListener('url', ({ url }) => listener(url))
      return () => subscription.remove()
    },
  }
}
