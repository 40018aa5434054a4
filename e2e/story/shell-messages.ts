/** The messages of `apps/mobile/src/bridge/messages.ts`, as the rig's own shell takes and sends them. */

export type PageMessage = { readonly v: 1 } & (
  | { readonly type: 'SHELL_READY?' | 'OPEN_SETTINGS' | 'CHANGE_SERVER' | 'SIGN_OUT' }
  | { readonly type: 'BADGE'; readonly count: number }
  | { readonly type: 'DISMISS'; readonly id: string }
)

export interface TokenMessage {
  readonly v: 1
  readonly type: 'EXPO_PUSH_TOKEN'
  readonly token: string
  readonly platform: 'android' | 'ios'
  readonly deviceId: string
  readonly projectId: string
  readonly deviceName: string
  readonly appVersion: string
  readonly drawsRings: boolean
}

export type ShellMessage =
  | TokenMessage
  | { readonly v: 1; readonly type: 'NAVIGATE'; readonly path: string }
  | {
      readonly v: 1
      readonly type: 'CALL_ACTION'
      readonly id: string
      readonly action: 'answer'
    }
  | {
      readonly v: 1
      readonly type: 'PERMISSION'
      readonly state: 'granted' | 'denied' | 'undetermined'
      readonly trouble?: 'no_project' | 'no_token'
    }

/** Undefined for what the shell would drop. */
export function parsePageMessage(text: string): PageMessage | undefined {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) return undefined
  const { v, type, count, id }: Readonly<Record<string, unknown>> = { ...value }
  if (v !== 1) return undefined
  switch (type) {
    case 'SHELL_READY?':
    case 'OPEN_SETTINGS':
    case 'CHANGE_SERVER':
    case 'SIGN_OUT':
      return { v, type }
    case 'BADGE': {
      if (typeof count !== 'number' || !Number.isInteger(count)) return undefined
      return count >= 0 && count <= 99_999 ? { v, type, count } : undefined
    }
    case 'DISMISS':
      return typeof id === 'string' && id !== '' && id.length <= 300 ? { v, type, id } : undefined
    default:
      return undefined
  }
}

/** What the shell runs in the page: nothing in another origin's; a token comes as a `message` event first. */
export function pageScript(origin: string, message: ShellMessage): string {
  const asMessage =
    message.type === 'EXPO_PUSH_TOKEN'
      ? "window.__EXPO_PUSH_TOKEN__ = d; window.dispatchEvent(new MessageEvent('message', { data: d, origin: location.origin }));"
      : ''
  return `(() => {
    if (location.origin !== ${JSON.stringify(origin)}) return
    const d = ${JSON.stringify(message)}
    ${asMessage}
    window.dispatchEvent(new CustomEvent('shell', { detail: d }))
  })()`
}
