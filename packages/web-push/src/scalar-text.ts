/** Node drops leading zeros of a scalar; a JWK and every importer want all 32 bytes. */
export function scalarText(scalar: Uint8Array): string {
  const padded = Buffer.alloc(32)
  padded.set(scalar, 32 - scalar.length)
  return padded.toString('base64url')
}
