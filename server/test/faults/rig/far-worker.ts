import { connect, createServer, type Socket } from 'node:net'
import { openWireProxy } from '../../mongodb/wire-proxy.ts'
import { tcpProxy } from '../../rabbitmq/tcp-proxy.ts'
import type { BelfryNode } from './belfry-node.ts'
import { storePort, type FaultRig } from './fault-rig.ts'
import type { NetworkNamespace } from './network-namespace.ts'

/** A worker on another machine: all that it has to do with us goes through one cable. */
export interface FarWorker {
  readonly node: BelfryNode
  pull(): Promise<void>
  plug(): Promise<void>
  close(): Promise<void>
}

const name = 'worker-far'

/** In a network namespace where there is one. Else the lines to store and broker are what is cut. */
export function addFarWorker(
  rig: FaultRig,
  namespace: NetworkNamespace | null,
): Promise<FarWorker> {
  return namespace === null ? behindProxies(rig) : inNamespace(rig, namespace)
}

async function inNamespace(rig: FaultRig, namespace: NetworkNamespace): Promise<FarWorker> {
  const { MONGODB_URL = '', RABBITMQ_URL = '' } = rig.environment
  const store = await relay(namespace.address, storePort(MONGODB_URL))
  const broker = await relay(namespace.address, rig.brokerLine.port)
  for (const { port } of [store, broker]) {
    rig.recorder.write({ kind: 'allowed', address: `${namespace.address}:${port}` })
  }
  const settings = {
    MONGODB_URL: MONGODB_URL.replace(/127\.0\.0\.1:\d+/, `${namespace.address}:${store.port}`),
    RABBITMQ_URL: RABBITMQ_URL.replace(/127\.0\.0\.1:\d+/, `${namespace.address}:${broker.port}`),
  }
  const node = rig.addNode({ name, role: 'web-push', prefix: namespace.prefix }, settings)
  return {
    node,
    pull: namespace.pull,
    plug: namespace.plug,
    async close() {
      await Promise.all([store.close(), broker.close()])
    },
  }
}

async function behindProxies(rig: FaultRig): Promise<FarWorker> {
  const { RABBITMQ_URL = '' } = rig.environment
  const store = await openWireProxy(rig.wireServer.url)
  const broker = await tcpProxy(rig.rabbitMq.port)
  const MONGODB_URL = store.url(rig.db.databaseName)
  for (const port of [storePort(MONGODB_URL), broker.port]) {
    rig.recorder.write({ kind: 'allowed', address: `127.0.0.1:${port}` })
  }
  const settings = {
    MONGODB_URL,
    RABBITMQ_URL: RABBITMQ_URL.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${broker.port}`),
  }
  return {
    node: rig.addNode({ name, role: 'web-push' }, settings),
    async pull() {
      store.freeze()
      broker.swallow()
    },
    async plug() {
      store.thaw()
      broker.heal()
    },
    async close() {
      await Promise.all([store.close(), broker.close()])
    },
  }
}

/** Takes connections at that address, for a port of the loopback address. */
async function relay(
  address: string,
  targetPort: number,
): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1')
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(from)
      from.pipe(to)
      from.on('error', () => {}) // The close says the same.
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => {
    server.listen(0, address, resolve)
  })
  const listening = server.address()
  return {
    port: typeof listening === 'object' && listening !== null ? listening.port : 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
