import type { IncomingMessage } from 'node:http'

/** The whole body of a request. Only ever called by a fake, for what a test's own browser sends. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) {
    if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
