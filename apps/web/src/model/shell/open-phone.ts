import type { PhoneParts } from '../app.ts'
import type { RingingDevice } from '../ringing-device.ts'
import type { PostToShell } from './find-shell.ts'
import { phoneDevice } from './phone-device.ts'
import { Phone, type PhoneOptions } from './phone.ts'

/** Opens the app around this page, and this phone as the device that rings. Loaded in the app only. */
export function phoneOpener(page: PhoneOptions['page'], post: PostToShell) {
  return (parts: PhoneParts): { readonly phone: Phone; readonly device: RingingDevice } => {
    const { browser, api } = parts
    const phone = new Phone({ ...parts, page, post, ownDeviceId: browser.deviceId })
    return { phone, device: phoneDevice(phone, { api, browser: browser.browser }) }
  }
}
