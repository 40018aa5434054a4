/**
 * Every message between the page and the shell, both ways. The page is built against this file.
 *
 * Page to shell: `window.ReactNativeWebView.postMessage(JSON.stringify(message))`. It exists only in
 * the shell. Taken only from the server's own origin, and only when it reads exactly as below.
 *
 * Shell to page: `window.addEventListener('shell', ({ detail }) => …)` with `detail` a `ShellMessage`.
 * `EXPO_PUSH_TOKEN` comes as a `message` event too (`event.origin` is the page's own), and the last
 * one lies in `window.__EXPO_PUSH_TOKEN__`.
 *
 * Beginning: the page asks `SHELL_READY?` every 250 ms, for 5 s at most, until `PERMISSION` comes.
 * Before that question the shell says nothing. With it come, in this order, `PERMISSION`,
 * `EXPO_PUSH_TOKEN` when there is one, and what a tap left waiting: `NAVIGATE`, `CALL_ACTION`.
 * `PERMISSION` and `EXPO_PUSH_TOKEN` come again when they change and whenever the app comes to the front.
 */
export const bridgeVersion = 1

/** Page to shell. `v` is always 1. */
export type PageMessage = { readonly v: 1 } & (
  | { readonly type: 'SHELL_READY?' }
  /** Unread conversations and calls, shown on the app's icon; 0 clears. */
  | { readonly type: 'BADGE'; readonly count: number }
  /** Make notifications possible: asks where asking is still allowed, else opens the phone's settings. */
  | { readonly type: 'OPEN_SETTINGS' }
  /**
   * The page deals with it by itself: takes the notification with this tag away (`call-<sessionId>`,
   * `chat-<conversationId>`). A page that rings sends it at once: while the app is in front, the
   * phone then does not ring as well for that call, whichever of the two hears of it first.
   */
  | { readonly type: 'DISMISS'; readonly id: string }
  /** Back to the question for the server's address. */
  | { readonly type: 'CHANGE_SERVER' }
  /** Saves or shares a file of this server. `url` is a path or an address of the page's own origin. */
  | { readonly type: 'DOWNLOAD'; readonly url: string; readonly fileName: string }
  /**
   * The person signs out. Sent after the page has had the server forget this device
   * (`DELETE /api/push-subscriptions/expo {deviceId}`, or `POST /api/auth/logout {deviceId}`) and
   * before it drops its session: takes every notification and the badge away.
   */
  | { readonly type: 'SIGN_OUT' }
)

/** Whether the phone lets the app notify. */
export type PermissionState = 'granted' | 'denied' | 'undetermined'

/** Shell to page. `v` is always 1. */
export type ShellMessage = { readonly v: 1 } & (
  | {
      readonly type: 'EXPO_PUSH_TOKEN'
      readonly token: string
      readonly platform: 'android' | 'ios'
      /** Random, one an installation. */
      readonly deviceId: string
      readonly projectId: string
      readonly deviceName: string
      readonly appVersion: string
      /**
       * Whether this phone draws a ring from a push without a title. An Android that cannot (the
       * system refused the background task) registers without `platform`: the server then sends a
       * title. iOS never does, and registers as `ios` all the same.
       */
      readonly drawsRings: boolean
    }
  /** Go there. A path of this server: one leading slash. */
  | { readonly type: 'NAVIGATE'; readonly path: string }
  /** A button on the ring. `id` is the call's session. Declining never reaches the page. */
  | { readonly type: 'CALL_ACTION'; readonly id: string; readonly action: 'answer' }
  /** `trouble`: why there is no token although notifications are allowed. */
  | {
      readonly type: 'PERMISSION'
      readonly state: PermissionState
      readonly trouble?: TokenTrouble
    }
)

/** `no_project`: built without an Expo project. `no_token`: Expo, Google or Apple gave none; tried again at the next foreground. */
export type TokenTrouble = 'no_project' | 'no_token'

const longestMessage = 8_192
const longestId = 300
const longestUrl = 2_048
const longestFileName = 255

/** Reads what a page sent; undefined for anything but a message of this version, exactly. */
export function parsePageMessage(text: string): PageMessage | undefined {
  if (text.length > longestMessage) return undefined
  const message = parseObject(text)
  if (message?.v !== bridgeVersion) return undefined
  const v = bridgeVersion
  switch (message.type) {
    case 'SHELL_READY?':
    case 'OPEN_SETTINGS':
    case 'CHANGE_SERVER':
    case 'SIGN_OUT':
      return { v, type: message.type }
    case 'BADGE': {
      const { count } = message
      const isCount = typeof count === 'number' && Number.isInteger(count)
      return isCount && count >= 0 && count <= 99_999 ? { v, type: 'BADGE', count } : undefined
    }
    case 'DISMISS': {
      const id = textOf(message.id, longestId)
      return id === undefined ? undefined : { v, type: 'DISMISS', id }
    }
    case 'DOWNLOAD': {
      const url = textOf(message.url, longestUrl)
      const fileName = textOf(message.fileName, longestFileName)
      if (url === undefined || fileName === undefined) return undefined
      return { v, type: 'DOWNLOAD', url, fileName }
    }
    default:
      return undefined
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...value }
      : undefined
  } catch {
    // Not JSON: other scripts in the page use the same channel.
    return undefined
  }
}

function textOf(value: unknown, longest: number): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= longest ? value : undefined
}
