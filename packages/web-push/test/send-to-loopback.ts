import { onTestFinished } from 'vitest'
import { generateSubscriptionKeys } from '../src/encryption/generate-subscription-keys.ts'
import { createSender, type SenderOptions } from '../src/send/create-sender.ts'
import type { PushMessage, Sender } from '../src/send/sender.ts'
import { generateVapidKeys } from '../src/vapid/generate-vapid-keys.ts'
import { ca } from './tls/index.ts'

/** The names of push services that lead to a loopback server, as with `PUSH_RESOLVE`. */
export function resolveTo(port: number, ...hosts: readonly string[]) {
  return new Map(hosts.map((host) => [`${host}:443`, { address: '127.0.0.1', port }]))
}

/** A sender whose push services live on loopback; closed with the test. */
export function startSender(
  port: number,
  { egress, ...rest }: Partial<SenderOptions> = {},
): Sender {
  const hosts = [
    'fcm.googleapis.com',
    'updates.push.services.mozilla.com',
    'web.push.apple.com',
    'wns2-par02p.notify.windows.com',
  ]
  const sender = createSender({
    vapidKeys: [generateVapidKeys()],
    subject: 'mailto:push@belfry.example.com',
    egress: { ca, pushResolve: resolveTo(port, ...hosts), ...egress },
    ...rest,
  })
  onTestFinished(() => sender.close())
  return sender
}

/** A chat push for a made-up device of the host, which can be changed field by field. */
export function chatPush(
  host = 'fcm.googleapis.com',
  { path = '/fcm/send/alice', ...fields }: Partial<PushMessage> & { readonly path?: string } = {},
): PushMessage {
  return {
    subscription: { endpoint: `https://${host}${path}`, ...generateSubscriptionKeys() },
    payload: '{"web_push":8030}',
    ttlSeconds: 86_400,
    urgency: 'normal',
    ...fields,
  }
}
