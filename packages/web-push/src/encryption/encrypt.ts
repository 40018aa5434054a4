import { createEncryptor, type EncryptInput } from './create-encryptor.ts'

/**
 * Encrypts one message (RFC 8291) with a fresh key pair and salt. For more than a few, keep a
 * {@link createEncryptor}: it remembers imported keys.
 *
 * @returns The body of the request, at most 4,096 bytes; `Content-Encoding: aes128gcm`.
 * @throws WebPushError `PAYLOAD_TOO_LARGE` above 3,993 bytes, `P256DH_INVALID`, `AUTH_INVALID`.
 */
export function encrypt(input: EncryptInput): Buffer {
  return createEncryptor({ cacheSize: 0 })(input)
}
