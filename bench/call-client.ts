import { createHmac } from 'node:crypto'
import { Agent, request } from 'node:http'
import { machineMs } from './clock.ts'
import { personId } from './fill-data-dir.ts'
import { jwtSecret } from './server-process.ts'

/** Calls people over HTTP, on a connection that is kept, with tokens as another backend signs them. */
export interface CallClient {
  /** Resolves with the moment before the request was written, and the one when the answer had come. */
  call(
    caller: number,
    callee: number,
  ): Promise<{ readonly askedMs: number; readonly answeredMs: number }>
  close(): void
}

export function createCallClient(url: string): CallClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const tokens = new Map<number, string>()
  const tokenOf = (caller: number): string => {
    const token = tokens.get(caller) ?? tokenFor(personId(caller))
    tokens.set(caller, token)
    return token
  }
  return {
    call: (caller, callee) =>
      new Promise((resolve, reject) => {
        const body = JSON.stringify({ calleeIds: [personId(callee)], media: 'audio' })
        const headers = {
          authorization: `Bearer ${tokenOf(caller)}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        }
        const askedMs = machineMs()
        const asked = request(
          `${url}/api/calls`,
          { method: 'POST', agent, headers },
          (response) => {
            response.resume()
            response.once('end', () => {
              if (response.statusCode === 201) resolve({ askedMs, answeredMs: machineMs() })
              else reject(new Error(`POST /api/calls was answered ${response.statusCode}, not 201`))
            })
          },
        )
        asked.once('error', reject)
        asked.end(body)
      }),
    close: () => agent.destroy(),
  }
}

function tokenFor(sub: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const exp = Math.floor(Date.now() / 1000) + 3600
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub, exp })}`
  return `${signed}.${createHmac('sha256', jwtSecret).update(signed).digest('base64url')}`
}
