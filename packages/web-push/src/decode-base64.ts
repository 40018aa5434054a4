const URL_SAFE = /^[A-Za-z0-9_-]*$/

/**
 * Decodes base64 or base64url, padded or not. Browsers give base64url, older client code
 * hands on `btoa` output.
 *
 * @returns The bytes, or undefined for anything that is neither: `Buffer.from` alone would
 *   skip bad characters and decode the rest.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const unpadded = text.replace(/={1,2}$/, '')
  const urlSafe = unpadded.replaceAll('+', '-').replaceAll('/', '_')
  // One character over a multiple of four carries only six bits: not a byte.
  if (!URL_SAFE.test(urlSafe) || urlSafe.length % 4 === 1) return undefined
  return Buffer.from(urlSafe, 'base64url')
}
