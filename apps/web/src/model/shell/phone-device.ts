import type { BrowserDescription, Failure } from '@belfry/browser'
import type { Problem } from '@belfry/contracts'
import type { Api } from '../api.ts'
import type { RingingDevice } from '../ringing-device.ts'
import { refusalWords } from './phone-words.ts'
import type { Phone } from './phone.ts'

export interface PhoneDeviceOptions {
  readonly api: Pick<Api, 'testNotification'>
  /** Of the WebView. */
  readonly browser: BrowserDescription
}

/** A phone as the device that rings: whoever asks a browser's SDK elsewhere asks this in the app. */
export function phoneDevice(phone: Phone, { api, browser }: PhoneDeviceOptions): RingingDevice {
  return {
    browser,
    async capability() {
      return { state: await phone.capability(), browser }
    },
    async enable() {
      await phone.turn('on')
      if (phone.snapshot().permission !== 'granted') {
        phone.openSettings()
        return { kind: 'failed', step: 'permission', ...notAllowed }
      }
      const reply = await phone.renew()
      if (reply?.ok === true) return { kind: 'enabled', device: reply.value }
      return {
        kind: 'failed',
        step: 'saved',
        ...(reply === null ? noToken : failed(reply.problem)),
      }
    },
    async sync() {
      const state = await phone.capability()
      if (state === 'off') return { kind: 'off' }
      if (state === 'not_asked' || state === 'blocked') return { kind: 'not_allowed' }
      const reply = await phone.renew()
      if (reply?.ok === true) return { kind: 'in_sync', device: reply.value }
      return { kind: 'failed', ...(reply === null ? noToken : failed(reply.problem)) }
    },
    disable: () => phone.turn('off'),
    async test(body) {
      const reply = await api.testNotification(body)
      if (reply.ok) return { kind: 'sent', results: reply.value.results }
      return { kind: 'failed', ...failed(reply.problem) }
    },
    onWorkerMessage: (handler) => phone.onChoice(handler),
    takePendingAction: async () => phone.takeChoice(),
    closeNotifications: async (tag) => phone.dismiss(tag),
    deviceId: () => phone.deviceId(),
    async thisDevice() {
      // While the server is being told, nobody knows.
      await phone.capability()
      return phone.rowId()
    },
  }
}

const notAllowed: Failure = {
  code: 'permission_denied',
  sentence: 'Notifications of this app are not allowed yet. Allow them in the phone’s settings.',
}

const noToken: Failure = {
  code: 'push_service_unreachable',
  sentence: 'This phone has no address for notifications yet. Check its connection, and try again.',
}

function failed(problem: Problem): Failure {
  const { status } = problem
  const code = status === 0 ? 'server_unreachable' : 'server_refused'
  return { code, sentence: refusalWords(problem), status }
}
