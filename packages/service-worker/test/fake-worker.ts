import type { PushData, PushPayload, WorkerToPage } from '@belfry/contracts'
import { memoryStore } from '../src/record.ts'
import type {
  HttpAnswer,
  NotificationSettings,
  ShownNotification,
  WorkerEnvironment,
  WorkerSubscription,
  WorkerWindow,
} from '../src/worker-environment.ts'

/** 2026-11-21T10:00:00Z, by the server's clock and, unless a test says otherwise, the device's. */
export const nowSeconds = 1_795_255_200
export const app = 'https://app.example/'

export interface Shown {
  readonly title: string
  readonly settings: NotificationSettings
}

export interface Request {
  readonly path: string
  readonly body: unknown
}

export interface FakeOptions {
  /** Waits that are over at once; all others never are. */
  readonly elapsedMs?: readonly number[]
  readonly isWebKit?: boolean
  readonly foreignPushes?: 'show' | 'leave'
  readonly windows?: readonly FakeWindow[]
  /** Throws what the browser would. */
  readonly refuse?: (shown: Shown) => void
  readonly answer?: (path: string) => HttpAnswer | Error
  readonly subscribe?: (key: ArrayBuffer | string) => Promise<WorkerSubscription>
  readonly nowMs?: number
  readonly store?: WorkerEnvironment['store']
}

/** A browser around the worker: what it shows, asks, opens and remembers. */
export function fakeWorker(options: FakeOptions = {}) {
  const shown: Shown[] = []
  const standing: (Shown & ShownNotification)[] = []
  const requests: Request[] = []
  const opened: string[] = []
  const windows = options.windows ?? []

  const environment: WorkerEnvironment = {
    registration: {
      scope: app,
      pushManager: {
        subscribe: async ({ applicationServerKey }) =>
          options.subscribe?.(applicationServerKey) ?? subscription('https://push.example/new'),
      },
      async showNotification(title, settings) {
        options.refuse?.({ title, settings })
        likeChromium(settings)
        const tag = settings.tag ?? ''
        // WebKit ignores tags: notifications pile up.
        if (!options.isWebKit) remove(standing, ({ tag: other }) => other === tag)
        const notification = {
          title,
          settings,
          tag,
          data: structuredClone(settings.data),
          close: () => remove(standing, (other) => other === notification),
        }
        standing.push(notification)
        shown.push({ title, settings })
      },
      getNotifications: async (filter) =>
        standing.filter(({ tag }) => filter?.tag === undefined || filter.tag === tag),
    },
    clients: {
      matchAll: async ({ includeUncontrolled }) =>
        windows.filter(({ isControlled }) => isControlled || includeUncontrolled),
      async openWindow(url) {
        opened.push(url)
        return {}
      },
    },
    async fetch(url, init) {
      requests.push({ path: url, body: init ? JSON.parse(init.body) : undefined })
      const answer = options.answer?.(url) ?? answerWith(204, null)
      if (answer instanceof Error) throw answer
      return answer
    },
    store: options.store ?? memoryStore(),
    now: () => options.nowMs ?? nowSeconds * 1000,
    wait: (ms) => (options.elapsedMs?.includes(ms) ? Promise.resolve() : new Promise(() => {})),
    isWebKit: options.isWebKit ?? false,
    apiBase: '',
    foreignPushes: options.foreignPushes,
    icons: { call: '/icons/call.png' },
  }
  return { environment, shown, standing, requests, opened }
}

/** What Chromium 156 refuses (measured); Firefox refuses less. */
function likeChromium(settings: NotificationSettings): void {
  if (settings.renotify && !settings.tag) {
    throw new TypeError('Notifications which set the renotify flag must specify a non-empty tag.')
  }
  if (settings.silent && 'vibrate' in settings) {
    throw new TypeError('Silent notifications must not specify vibration patterns.')
  }
}

function remove<T>(list: T[], matches: (item: T) => boolean): void {
  const index = list.findIndex(matches)
  if (index >= 0) list.splice(index, 1)
}

export interface FakeWindow extends WorkerWindow {
  readonly isControlled: boolean
  readonly messages: WorkerToPage[]
  readonly log: string[]
}

export interface FakeWindowOptions {
  readonly id?: string
  readonly isVisible?: boolean
  readonly isControlled?: boolean
  /** Which messages the page takes over. */
  readonly takes?: (message: WorkerToPage) => boolean
  readonly canNavigate?: boolean
  readonly canFocus?: boolean
}

export function fakeWindow(options: FakeWindowOptions = {}): FakeWindow {
  const messages: WorkerToPage[] = []
  const log: string[] = []
  return {
    id: options.id ?? 'window',
    visibilityState: options.isVisible === false ? 'hidden' : 'visible',
    isControlled: options.isControlled ?? true,
    messages,
    log,
    async focus() {
      log.push('focus')
      if (options.canFocus === false) throw new DOMException('no', 'InvalidAccessError')
    },
    async navigate(url) {
      log.push(`navigate ${url}`)
      if (options.canNavigate === false) throw new TypeError('not controlled')
      return {}
    },
    postMessage(message, [port]) {
      log.push(`message ${message.type}`)
      messages.push(message)
      if (options.takes?.(message)) port?.postMessage({ type: 'ack' })
    },
  }
}

export function answerWith(status: number, body: unknown): HttpAnswer {
  return { status, ok: status >= 200 && status < 300, json: async () => body }
}

export function subscription(endpoint: string): WorkerSubscription {
  return { endpoint, toJSON: () => ({ endpoint, keys: { p256dh: 'p', auth: 'a' } }) }
}

/** A push event with that text; null for a push without data. */
export function pushOf(text: string | null) {
  return { data: text === null ? null : { text: () => text } }
}

export const base = {
  v: 1,
  id: 'delivery-1',
  receipt: 'receipt-1',
  ts: nowSeconds,
  exp: nowSeconds + 30,
} as const

const call = { sessionId: 'S', callerUid: 'ana', callerName: 'Ana' } as const

export function ringPush(data: Partial<Extract<PushData, { type: 'incoming_call' }>> = {}) {
  return payloadPush({
    title: 'Ana is calling',
    body: 'Video call',
    navigate: `${app}calls/incoming?sessionId=S`,
    tag: 'call-S',
    data: { type: 'incoming_call', ...base, ...call, media: 'video', ...data },
  })
}

export function endPush(id = 'delivery-2') {
  return payloadPush({
    title: 'Answered on another device',
    body: 'Ana',
    navigate: `${app}calls/S`,
    tag: 'call-S',
    data: { type: 'call_ended', ...base, id, ...call, reason: 'accepted' },
  })
}

export function missedPush(id = 'delivery-3') {
  return payloadPush({
    title: 'Missed call from Ana',
    body: '14:02 · Call back',
    navigate: `${app}calls/S`,
    tag: 'call-S',
    data: { type: 'missed_call', ...base, id, ...call, media: 'video' },
  })
}

export function chatPush(id = 'delivery-4') {
  return payloadPush({
    title: 'Ana',
    body: '<b>hello</b>',
    navigate: `${app}chats/C`,
    tag: 'chat-C',
    data: {
      type: 'chat_message',
      ...base,
      id,
      conversationId: 'C',
      messageId: 'M',
      senderId: 'ana',
    },
  })
}

type Notification = PushPayload['notification']

export function payloadPush(
  notification: Omit<Notification, 'lang' | 'dir' | 'silent' | 'data'> & { data: unknown },
) {
  return pushOf(
    JSON.stringify({
      web_push: 8030,
      notification: { lang: 'en', dir: 'auto', silent: false, ...notification },
      mutable: false,
    }),
  )
}
