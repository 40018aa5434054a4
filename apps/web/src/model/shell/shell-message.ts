/**
 * What passes between this page and the app on a phone that it runs in. The contract, with the order
 * of things, is `apps/mobile/src/bridge/messages.ts`.
 */
import { isOwnPath } from '../own-path.ts'

export type PermissionState = 'granted' | 'denied' | 'undetermined'

/** Why there is no token although notifications are allowed. */
export type TokenTrouble = 'no_project' | 'no_token'

/** Where pushes to this phone go, and what the server should know of it. */
export interface PhoneToken {
  readonly token: string
  readonly platform: 'android' | 'ios'
  /** Random, one an installation. */
  readonly deviceId: string
  readonly projectId: string
  /** Null when the app did not say, or said something that is no name. */
  readonly deviceName: string | null
  readonly appVersion: string | null
  /** Whether the app draws a ring from a push without a title. */
  readonly drawsRings: boolean
}

export type ShellMessage =
  | { readonly type: 'EXPO_PUSH_TOKEN'; readonly token: PhoneToken }
  | { readonly type: 'NAVIGATE'; readonly path: string }
  | { readonly type: 'CALL_ACTION'; readonly sessionId: string; readonly action: 'answer' }
  | {
      readonly type: 'PERMISSION'
      readonly state: PermissionState
      readonly trouble: TokenTrouble | null
    }

/** Page to shell. */
export type PageMessage =
  | { readonly type: 'SHELL_READY?' | 'OPEN_SETTINGS' | 'CHANGE_SERVER' | 'SIGN_OUT' }
  | { readonly type: 'BADGE'; readonly count: number }
  | { readonly type: 'DISMISS'; readonly id: string }

const version = 1
/** The server's own limits for ids and names. */
const longestId = 255
const longestName = 80

/** Reads what the shell said as a `shell` event; null for anything but a message of this version, exactly. */
export function parseShellMessage(value: unknown): ShellMessage | null {
  const message = fields(value)
  if (message?.v !== version) return null
  switch (message.type) {
    case 'EXPO_PUSH_TOKEN':
      return parseTokenMessage(message)
    case 'NAVIGATE': {
      const { path } = message
      return typeof path === 'string' && isOwnPath(path) ? { type: 'NAVIGATE', path } : null
    }
    case 'CALL_ACTION': {
      const sessionId = idOf(message.id)
      if (sessionId === null || message.action !== 'answer') return null
      return { type: 'CALL_ACTION', sessionId, action: 'answer' }
    }
    case 'PERMISSION':
      return parsePermission(message)
    default:
      return null
  }
}

/**
 * Reads the push token as it comes in a `message` event too: there `v`, `deviceName`, `appVersion`
 * and `drawsRings` may be missing, as in the documented `{type, token, platform, deviceId, projectId}`.
 */
export function parseTokenMessage(
  value: unknown,
): Extract<ShellMessage, { type: 'EXPO_PUSH_TOKEN' }> | null {
  const message = fields(value)
  if (message?.type !== 'EXPO_PUSH_TOKEN') return null
  const { v = version, platform, drawsRings = true } = message
  const [token, deviceId, projectId] = [message.token, message.deviceId, message.projectId].map(
    idOf,
  )
  if (!token || !deviceId || !projectId) return null
  if (v !== version || typeof drawsRings !== 'boolean') return null
  if (platform !== 'android' && platform !== 'ios') return null
  const deviceName = nameOf(message.deviceName)
  const appVersion = nameOf(message.appVersion)
  return {
    type: 'EXPO_PUSH_TOKEN',
    token: { token, platform, deviceId, projectId, deviceName, appVersion, drawsRings },
  }
}

/** What the shell is posted. */
export function pageMessageText(message: PageMessage): string {
  return JSON.stringify({ v: version, ...message })
}

function parsePermission({ state, trouble = null }: Fields): ShellMessage | null {
  if (state !== 'granted' && state !== 'denied' && state !== 'undetermined') return null
  if (trouble !== null && trouble !== 'no_project' && trouble !== 'no_token') return null
  return { type: 'PERMISSION', state, trouble }
}

type Fields = Readonly<Record<string, unknown>>

function fields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
}

function idOf(value: unknown): string | null {
  return isLine(value, longestId) ? value : null
}

/** A phone without a name that the server would take is still a phone. */
function nameOf(value: unknown): string | null {
  return isLine(value, longestName) && value.trim() !== '' ? value.trim() : null
}

function isLine(value: unknown, longest: number): value is string {
  if (typeof value !== 'string' || value === '' || value.length > longest) return false
  return !/[\p{Cc}\p{Cs}]/u.test(value)
}
