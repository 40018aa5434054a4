import { WebPushError } from '../web-push-error.ts'

export interface ContentHeader {
  readonly salt: Uint8Array
  readonly recordSize: number
  readonly keyId: Uint8Array
  readonly records: Uint8Array
}

const SMALLEST_RECORD = 18

/**
 * Cuts an aes128gcm body into its header fields and its records (RFC 8188 section 2.1).
 *
 * @throws WebPushError `DECRYPTION_FAILED`
 */
export function readContentHeader(body: Uint8Array): ContentHeader {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const keyIdLength = body[20]
  if (keyIdLength === undefined || body.length < 21 + keyIdLength) {
    throw new WebPushError(
      'DECRYPTION_FAILED',
      `The body ends inside its header: ${body.length} bytes`,
    )
  }
  const recordSize = view.getUint32(16)
  if (recordSize < SMALLEST_RECORD) {
    throw new WebPushError(
      'DECRYPTION_FAILED',
      `The record size must be at least ${SMALLEST_RECORD}, got ${recordSize}`,
    )
  }
  return {
    salt: body.subarray(0, 16),
    recordSize,
    keyId: body.subarray(21, 21 + keyIdLength),
    records: body.subarray(21 + keyIdLength),
  }
}
