import type { PhoneDevice } from '../../src/devices/device.ts'
import { bobsRow } from './delivery-lab.ts'

/** A phone of Bob's, as the store holds it. */
export function phone(change: Partial<PhoneDevice> = {}): PhoneDevice {
  return {
    ...bobsRow,
    kind: 'phone',
    token: 'ExponentPushToken[bob]',
    platform: 'android',
    projectId: 'project',
    appVersion: null,
    ...change,
  }
}
