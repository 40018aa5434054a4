import { warningLog, type BrokerLab } from '../../src/broker/conformance.ts'
import type { Broker } from '../../src/broker/port.ts'
import {
  rabbitMqBroker,
  type RabbitMqBrokerOptions,
} from '../../src/broker/rabbitmq/rabbitmq-broker.ts'
import { deadBodies, deleteTopology, putDead, putRaw } from './raw-rabbitmq.ts'
import { tcpProxy, type TcpProxy } from './tcp-proxy.ts'

export const silent = { info: () => {}, warn: () => {}, error: () => {} }

export function openBroker(
  url: string,
  options: Partial<RabbitMqBrokerOptions> = {},
): Promise<Broker> {
  return rabbitMqBroker({ url, log: silent, now: Date.now, depthKeptMs: 50, ...options })
}

/** For `expect.poll`: whether it resolves. */
export function isFulfilled(promise: Promise<unknown>): Promise<boolean> {
  return promise.then(
    () => true,
    () => false,
  )
}

/** The URL by way of the proxy. */
export function through(proxy: TcpProxy, url: string): string {
  const changed = new URL(url)
  changed.hostname = '127.0.0.1'
  changed.port = String(proxy.port)
  return changed.href
}

/** Each process has a line of its own to RabbitMQ: to crash is to have it cut. */
export async function openLab(url: string): Promise<BrokerLab> {
  await deleteTopology(url)
  const { hostname, port } = new URL(url)
  const { warn, warnings } = warningLog()
  const dead: Array<{ broker: Broker; proxy: TcpProxy }> = []
  async function open() {
    const proxy = await tcpProxy(Number(port), hostname)
    const options = { confirmWithinMs: 1000, log: { ...silent, warn } }
    return { proxy, broker: await openBroker(through(proxy, url), options) }
  }
  let alive = await open()
  async function close({ broker, proxy }: typeof alive) {
    await broker.close()
    await proxy.close()
  }
  return {
    broker: alive.broker,
    shortestDelayMs: 1000,
    async reopen() {
      await close(alive)
      alive = await open()
      return alive.broker
    },
    async crash() {
      await alive.proxy.cut()
      dead.push(alive)
      alive = await open()
      return alive.broker
    },
    putRaw: (queue, body) => putRaw(url, queue, body),
    putDead: (queue, bodies) => putDead(url, queue, bodies),
    async dead() {
      const bodies = await deadBodies(url)
      const { letters } = await alive.broker.dead.list({ limit: 1000 })
      return letters.map(({ reason }, index) => ({ reason, body: bodies[index] ?? '' }))
    },
    warnings,
    async dispose() {
      for (const each of [...dead, alive]) await close(each)
    },
  }
}
