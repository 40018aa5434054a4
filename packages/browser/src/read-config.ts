import { writeClockOffset } from '@belfry/service-worker/record'
import type { Failure } from './failure.ts'
import type { DeviceContext } from './register-device.ts'

/** The server's current key, base64url without padding. Keeps the difference of the clocks for the worker. */
export async function readConfig({
  environment,
  server,
}: DeviceContext): Promise<
  { readonly kind: 'ok'; readonly key: string } | ({ readonly kind: 'failed' } & Failure)
> {
  const askedAtMs = environment.now()
  const reply = await server.pushConfig()
  if (reply.kind === 'failed') return reply
  const { vapidPublicKey, serverTime } = reply.body
  // The server wrote its time about half way between question and answer.
  const middleMs = (askedAtMs + environment.now()) / 2
  await writeClockOffset(environment.store, Date.parse(serverTime) - middleMs)
  return { kind: 'ok', key: vapidPublicKey.replaceAll('=', '') }
}
