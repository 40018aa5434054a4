import { useApp } from '../../app/app-context.ts'
import type { RingingDevice } from '../../model/ringing-device.ts'

/** This browser, or this phone, as a device that rings. */
export function useBelfry(): RingingDevice {
  return useApp().belfry
}
