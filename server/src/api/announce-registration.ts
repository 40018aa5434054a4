import type { RegistrationAnswer } from '../devices/device-registry.ts'
import type { ApiContext } from './app.ts'

/** Tells the owner's tabs of the device, and whoever lost one to it of that. */
export function announceRegistration(
  { announce }: Pick<ApiContext, 'announce'>,
  { device, replaced }: Extract<RegistrationAnswer, { kind: 'registered' }>,
): void {
  for (const gone of replaced)
    announce([gone.ownerId], 'devices.updated', { subscriptionId: gone.id, change: 'removed' })
  announce([device.ownerId], 'devices.updated', {
    subscriptionId: device.id,
    change: 'registered',
  })
}
