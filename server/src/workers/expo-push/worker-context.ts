import type { ExpoContent } from '../../delivery/expo-push-channel.ts'
import type { PushWork } from '../../delivery/push-work.ts'
import type { PhoneDevice } from '../../devices/device.ts'

/** What every handler of this worker is given. */
export type WorkerContext = PushWork<PhoneDevice, ExpoContent>
