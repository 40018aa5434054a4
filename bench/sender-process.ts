import { Agent } from 'node:https'
import { createAllowedHosts, createSender } from '@belfry/web-push'
import webPush from 'web-push'
import { machineMs } from './clock.ts'
import { numberIn, textIn, textsIn } from './field.ts'
import { vapidSubject } from './subscribers.ts'

/**
 * Sends pushes with one of the senders and reports what they cost, in a process of its own: nothing
 * else is in its CPU time, and no sender runs on what another has warmed up. `send-with.ts` starts it.
 */
interface Device {
  readonly endpoint: string
  readonly p256dh: string
  readonly auth: string
}

type Send = (device: Device) => Promise<void>

const ttlSeconds = 3600

function sendWithNpm(vapidDetails: Vapid, payload: string, agent?: Agent): Send {
  const options = {
    vapidDetails: { ...vapidDetails, subject: vapidSubject },
    TTL: ttlSeconds,
    urgency: 'normal',
    ...(agent && { agent }),
  }
  return async ({ endpoint, p256dh, auth }) => {
    await webPush.sendNotification({ endpoint, keys: { p256dh, auth } }, payload, options)
  }
}

/** With every guard on, as the server makes it. */
function sendWithOurs(vapid: Vapid, payload: string, host: string): Send {
  const sender = createSender({
    vapidKeys: [vapid],
    subject: vapidSubject,
    egress: { allowedHosts: createAllowedHosts([host]) },
  })
  return async (subscription) => {
    const outcome = await sender.send({ subscription, payload, ttlSeconds, urgency: 'normal' })
    if (outcome.kind !== 'accepted') throw new Error(`Not accepted: ${JSON.stringify(outcome)}`)
  }
}

interface Vapid {
  readonly publicKey: string
  readonly privateKey: string
}

process.once('message', (order: unknown) => {
  const vapid = {
    publicKey: textIn(order, 'vapidPublicKey'),
    privateKey: textIn(order, 'vapidPrivateKey'),
  }
  const payload = 'x'.repeat(numberIn(order, 'payloadBytes'))
  const concurrency = numberIn(order, 'concurrency')
  const origin = textIn(order, 'origin')
  const auths = textsIn(order, 'auths')
  const devices = textsIn(order, 'p256dhs').map((p256dh, index) => ({
    endpoint: `${origin}/push/${index}`,
    p256dh,
    auth: auths[index] ?? '',
  }))
  const senders: Readonly<Record<string, () => Send>> = {
    'npm-default': () => sendWithNpm(vapid, payload),
    'npm-kept': () =>
      sendWithNpm(vapid, payload, new Agent({ keepAlive: true, maxSockets: concurrency })),
    ours: () => sendWithOurs(vapid, payload, new URL(origin).host),
  }
  const make = senders[textIn(order, 'sender')]
  if (make === undefined) throw new Error(`No such sender: ${textIn(order, 'sender')}`)
  const send = make()
  const run = (count: number) => sendMany({ count, concurrency, devices, send })
  run(numberIn(order, 'warmUp'))
    .then(async () => {
      const before = { cpu: process.cpuUsage(), atMs: machineMs() }
      await run(numberIn(order, 'count'))
      const { user, system } = process.cpuUsage(before.cpu)
      const rssMb = process.memoryUsage.rss() / 2 ** 20
      const cpuMs = (user + system) / 1000
      process.send?.({ kind: 'sent', cpuMs, elapsedMs: machineMs() - before.atMs, rssMb })
      process.once('disconnect', () => process.exit(0))
    })
    .catch((cause: unknown) => {
      console.error(cause)
      process.exit(1)
    })
})

async function sendMany(plan: {
  count: number
  concurrency: number
  devices: readonly Device[]
  send: Send
}): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < plan.count) {
      const device = plan.devices[next++ % plan.devices.length]
      if (device !== undefined) await plan.send(device)
    }
  }
  await Promise.all(Array.from({ length: plan.concurrency }, lane))
}
