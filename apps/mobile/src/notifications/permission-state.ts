import type { PermissionState } from '../bridge/messages.ts'

export interface PermissionAnswer {
  readonly granted: boolean
  readonly canAskAgain: boolean
}

/** Android 13 says *denied* before it was ever asked; only `canAskAgain` tells the two apart. */
export function permissionState({ granted, canAskAgain }: PermissionAnswer): PermissionState {
  if (granted) return 'granted'
  return canAskAgain ? 'undetermined' : 'denied'
}
