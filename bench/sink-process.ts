import { createServer } from 'node:tls'
import { cert, key } from '@belfry/web-push/test-tls'
import { machineMs } from './clock.ts'
import { textIn, textsIn } from './field.ts'
import { createRequestReader, headerOf, type PushRequest } from './push-request.ts'
import { findCheating, type DeviceSecrets } from './verify-push.ts'

/**
 * The push service of the benchmarks, a process of its own; `sink.ts` starts it and reads its
 * messages. TLS 1.3, HTTP/1.1 kept alive, every push answered 201 with a Location.
 */
const verifyEvery = 1000

/** The index is the number in a device's endpoint. */
let devices: readonly DeviceSecrets[] = []
let vapidPublicKey = ''
let origin = ''

const counted = { accepted: 0, urgent: 0, verified: 0, bodyBytes: 0, connections: 0 }
const failures: string[] = []
const startedMs = machineMs()

const server = createServer({ cert, key }, (socket) => {
  counted.connections++
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on(
    'data',
    createRequestReader((request) => {
      take(request)
      socket.write(
        `HTTP/1.1 201 Created\r\nLocation: ${origin}/m/${counted.accepted}\r\nContent-Length: 0\r\n\r\n`,
      )
    }),
  )
})

function take(request: PushRequest): void {
  const atMs = machineMs()
  counted.accepted++
  counted.bodyBytes += request.body.length
  if (headerOf(request.head, 'urgency') === 'high') {
    counted.urgent++
    process.send?.({ kind: 'urgent', path: request.path, atMs })
  }
  if (counted.accepted % verifyEvery !== 0) return
  const device = devices[Number(request.path.split('/').at(-1))]
  const failure = findCheating(request, { device, origin, vapidPublicKey })
  if (failure === undefined) counted.verified++
  else failures.push(failure)
}

process.on('message', (message: unknown) => {
  switch (textIn(message, 'kind')) {
    case 'configure': {
      const auths = textsIn(message, 'auths')
      devices = textsIn(message, 'privateKeys').map((privateKey, index) => ({
        privateKey,
        auth: auths[index] ?? '',
      }))
      vapidPublicKey = textIn(message, 'vapidPublicKey')
      process.send?.({ kind: 'configured' })
      return
    }
    case 'stats': {
      const { user, system } = process.cpuUsage()
      const spent = { cpuMs: (user + system) / 1000, upMs: machineMs() - startedMs }
      process.send?.({ kind: 'stats', ...counted, ...spent, failures })
    }
  }
})
process.on('disconnect', () => process.exit(0))

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  origin = `https://127.0.0.1:${port}`
  process.send?.({ kind: 'listening', origin })
})
