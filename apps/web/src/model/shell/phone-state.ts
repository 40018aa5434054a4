import type { CapabilityState } from '@belfry/browser'
import type { PhoneRegistrationState } from './phone-registration.ts'
import type { PermissionState, TokenTrouble } from './shell-message.ts'

/** This phone as the app around the page and the server have told of it. */
export interface PhoneSnapshot {
  /** `silent`: the app has not answered for 5 s. */
  readonly shell: 'asked' | 'silent' | 'answered'
  readonly permission: PermissionState
  /** Why there is no token although notifications are allowed. */
  readonly trouble: TokenTrouble | null
  readonly hasToken: boolean
  /** The person does not want this phone to ring for them. */
  readonly isOff: boolean
  readonly registration: PhoneRegistrationState
}

/** The same as one of the states of a browser; null while it is being found out. */
export function phoneCapability(phone: PhoneSnapshot): CapabilityState | null {
  const { shell, permission, trouble, hasToken, isOff } = phone
  if (shell === 'asked') return null
  if (shell === 'silent') return 'unsupported'
  if (permission === 'undetermined') return 'not_asked'
  if (permission === 'denied') return 'blocked'
  if (isOff) return 'off'
  if (trouble !== null) return 'broken'
  return hasToken ? ofRegistration(phone.registration) : null
}

function ofRegistration(registration: PhoneRegistrationState): CapabilityState | null {
  switch (registration.kind) {
    case 'idle':
      return null
    case 'under_way':
      // Every time the app comes to the front the server is told: that is no news.
      return registration.id === null ? null : 'on'
    case 'saved':
      return 'on'
    case 'failed':
      return 'broken'
  }
}

/** Whether the app may still name a token of its own accord. */
export function awaitsToken({ shell, permission, trouble, hasToken }: PhoneSnapshot): boolean {
  if (hasToken || shell === 'silent') return false
  return shell === 'asked' || (permission === 'granted' && trouble === null)
}
