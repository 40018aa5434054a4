import { createHash } from 'node:crypto'

/** SHA-256 of an endpoint, base64url: what rows are found by. The endpoint itself is a bearer secret. */
export function endpointHash(endpoint: string): string {
  return createHash('sha256').update(endpoint).digest('base64url')
}
