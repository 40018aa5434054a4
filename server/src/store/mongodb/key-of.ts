import { createHash } from 'node:crypto'

/**
 * Several ids as one `_id` or indexed field, always the same for the same ones: 43 characters of base64url.
 * A hash, because three ids of 255 characters are longer than some servers index (Amazon DocumentDB 2,048 bytes,
 * FerretDB 2,704).
 */
export function keyOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
