import type { IncomingMessage } from 'node:http'

/** Far above any push; a sender that goes on gets its answer on a closing connection. */
const enoughBytes = 256 * 1024

/**
 * Reads a request's body, so that an early refusal does not reset a connection that is still being
 * written to. Stops at 256 KiB. Undefined when the sender hung up.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(chunk)) continue
      chunks.push(chunk)
      size += chunk.length
      if (size > enoughBytes) break
    }
  } catch {
    // ECONNRESET from the sender: the caller has nobody to answer.
    return undefined
  }
  return Buffer.concat(chunks)
}
