/** Sizes and labels of RFC 8291 (Web Push encryption) over RFC 8188 (aes128gcm). */
export const webPushEncryption = {
  /** Always this record size (RFC 8291 section 4): a push service may refuse bodies above it. */
  recordSize: 4096,
  saltLength: 16,
  authLength: 16,
  /** An uncompressed P-256 point: 0x04, x, y. */
  pointLength: 65,
  /** salt(16) rs(4) idlen(1) keyid(65): RFC 8188 section 2.1. */
  headerLength: 86,
  /** Marks the last record, before any zero padding (RFC 8188 section 2). */
  lastRecordDelimiter: 0x02,
  tagLength: 16,
  /** 4096 - header 86 - delimiter 1 - tag 16. */
  maxPlaintextLength: 3993,
  keyInfoLabel: 'WebPush: info\0',
  contentKeyInfo: 'Content-Encoding: aes128gcm\0',
  nonceInfo: 'Content-Encoding: nonce\0',
} as const
