import type { ErrorPlace } from './delivery-errors.ts'
import { InvalidOptionError } from './errors.ts'
import type { AcceptedPush } from './expo-service-event.ts'
import { isExpoToken } from './is-expo-token.ts'
import { createPhone, type Phone } from './phone.ts'
import type { Platform } from './platform.ts'

/** One app on one phone, to which a token leads. */
export interface InstallOptions {
  /** Decides what a phone shows and replaces. */
  readonly platform?: Platform
  /** Expo's project; one and the same by default. */
  readonly projectId?: string
  /** A fixed token instead of a random one. */
  readonly token?: string
  /** Android: ids of the channels that the app made. Into others nothing is shown. By default every channel exists. */
  readonly channels?: readonly string[]
}

/** How an uninstalled app shows. */
export interface UninstallOptions {
  /** Where DeviceNotRegistered is told; as the service's option says by default. */
  readonly deviceNotRegisteredIn?: ErrorPlace
}

/** An app that is or was on a phone. */
export interface Install {
  readonly token: string
  readonly projectId: string
  readonly phone: Phone
  /** Hands a push to the phone. */
  readonly deliver: (push: AcceptedPush) => void
  /** Undefined while the app is on the phone. */
  gone: { readonly tellIn: ErrorPlace } | undefined
}

/** All tokens that were ever given out. */
export interface Installs {
  install(options: InstallOptions): string
  uninstall(token: string, tellIn: ErrorPlace): boolean
  find(token: string): Install | undefined
  all(): readonly Install[]
}

const defaultProjectId = '@belfry/app'

export function createInstalls(randomBytes: (size: number) => Buffer): Installs {
  const installs = new Map<string, Install>()
  return {
    install(options) {
      const {
        token = `ExponentPushToken[${randomBytes(16).toString('base64url')}]`,
        projectId = defaultProjectId,
        platform,
        channels,
      } = options
      if (!isExpoToken(token)) {
        throw new InvalidOptionError(
          `token must look like "ExponentPushToken[...]", "ExpoPushToken[...]" or a UUID, got "${token}"`,
        )
      }
      const { phone, deliver } = createPhone({ token, projectId, platform, channels })
      installs.set(token, { token, projectId, phone, deliver, gone: undefined })
      return token
    },
    uninstall(token, tellIn) {
      const install = installs.get(token)
      if (install === undefined || install.gone !== undefined) return false
      install.gone = { tellIn }
      return true
    },
    find: (token) => installs.get(token),
    all: () => [...installs.values()],
  }
}
