import type { PushWork } from '../../delivery/push-work.ts'
import type { PushContent } from '../../delivery/web-push-channel.ts'
import type { BrowserDevice } from '../../devices/device.ts'

/** What every handler of this worker is given. */
export interface WorkerContext extends PushWork<BrowserDevice, PushContent> {
  /** Base of every `navigate`: an origin. */
  readonly appUrl: string
}
