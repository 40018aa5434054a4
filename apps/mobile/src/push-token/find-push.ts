import type { PermissionState, ShellMessage, TokenTrouble } from '../bridge/messages.ts'

type TokenMessage = Extract<ShellMessage, { type: 'EXPO_PUSH_TOKEN' }>

/** What the page is told of this phone's push: the permission, and a token or why there is none. */
export interface PushFacts {
  readonly permission: PermissionState
  readonly token?: TokenMessage
  readonly trouble?: TokenTrouble
}

export interface PushSource {
  readonly platform: 'android' | 'ios'
  readonly deviceName: string
  readonly appVersion: string
  /** Expo's project that the app was built for. */
  readonly projectId: string | undefined
  /** Never rejects. */
  permission(): Promise<PermissionState>
  /** Asks Google or Apple, then Expo. Rejects without a network. */
  expoToken(projectId: string): Promise<string>
  deviceId(): Promise<string>
  /** Whether the task that draws rings is registered with the system. */
  drawsRings(): Promise<boolean>
}

/** This phone's push service. `Rolled` is the native token that the system has just changed to. */
export interface PushPort<Rolled> {
  /** Channels, buttons and the task; before the permission is asked for. Never rejects. */
  prepare(): Promise<void>
  source(rolled?: Rolled): PushSource
  /** Shows the system's question; ends when the person has answered. */
  ask(): Promise<void>
  /** The system has changed the token. Returns what stops it. */
  onRoll(listener: (rolled: Rolled) => void): () => void
  setBadge(count: number): Promise<void>
}

/** Never rejects: what failed is tried again when the app next comes to the front. */
export async function findPush(source: PushSource): Promise<PushFacts> {
  const permission = await source.permission()
  if (permission !== 'granted') return { permission }
  const { platform, deviceName, appVersion, projectId } = source
  if (projectId === undefined) return { permission, trouble: 'no_project' }
  try {
    const token: TokenMessage = {
      v: 1,
      type: 'EXPO_PUSH_TOKEN',
      token: await source.expoToken(projectId),
      platform,
      deviceId: await source.deviceId(),
      projectId,
      // As the server takes it: one line of at most 80 characters.
      deviceName: deviceName.replaceAll(/\p{Cc}/gu, ' ').slice(0, 80),
      appVersion,
      drawsRings: await source.drawsRings(),
    }
    return { permission, token }
  } catch {
    // No network, no Google services, wrong credentials: the page says that there is no token.
    return { permission, trouble: 'no_token' }
  }
}
