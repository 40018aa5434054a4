import { createHash } from 'node:crypto'

/**
 * SHA-256 of an endpoint, base64url: what rows are found by. The endpoint itself is a bearer secret.
 * Of its normal form, as rows store it: `https://host` and `HTTPS://host:443/` are the same one.
 */
export function endpointHash(endpoint: string): string {
  const normal = URL.parse(endpoint)?.href ?? endpoint
  return createHash('sha256').update(normal).digest('base64url')
}
