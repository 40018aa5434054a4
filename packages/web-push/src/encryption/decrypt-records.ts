import { createDecipheriv } from 'node:crypto'
import { WebPushError } from '../web-push-error.ts'
import { deriveContentKeys, type ContentKeys } from './content-keys.ts'
import type { ContentHeader } from './read-content-header.ts'
import { webPushEncryption } from './web-push-encryption.ts'

const { tagLength, lastRecordDelimiter } = webPushEncryption
const RECORD_DELIMITER = 0x01

/**
 * Decrypts every record of an aes128gcm body (RFC 8188 section 2), padded or not.
 *
 * @param inputKey Input keying material for this header's key id.
 * @throws WebPushError `DECRYPTION_FAILED`: wrong key, changed bytes, or truncated.
 */
export function decryptRecords(header: ContentHeader, inputKey: Uint8Array): Buffer {
  const keys = deriveContentKeys(inputKey, header.salt)
  const { records, recordSize } = header
  const parts: Buffer[] = []
  for (let start = 0, sequence = 0; start < records.length; start += recordSize, sequence++) {
    const isLast = start + recordSize >= records.length
    const record = openRecord(records.subarray(start, start + recordSize), keys, sequence)
    parts.push(unpad(record, isLast ? lastRecordDelimiter : RECORD_DELIMITER))
  }
  if (parts.length === 0) throw new WebPushError('DECRYPTION_FAILED', 'The body holds no record')
  return Buffer.concat(parts)
}

function openRecord(record: Uint8Array, keys: ContentKeys, sequence: number): Buffer {
  if (record.length <= tagLength) {
    throw new WebPushError('DECRYPTION_FAILED', `A record is too short: ${record.length} bytes`)
  }
  // The record's number is XORed into the nonce, big-endian (RFC 8188 section 2.3).
  const nonce = Buffer.from(keys.nonce)
  nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ sequence) >>> 0, 8)
  const decipher = createDecipheriv('aes-128-gcm', keys.contentKey, nonce)
  decipher.setAuthTag(record.subarray(record.length - tagLength))
  try {
    const opened = decipher.update(record.subarray(0, record.length - tagLength))
    decipher.final()
    return opened
  } catch (cause) {
    throw new WebPushError(
      'DECRYPTION_FAILED',
      'A record does not open: wrong keys, or its bytes were changed',
      { cause },
    )
  }
}

/** The last byte that is not zero is the delimiter; what follows it is padding. */
function unpad(record: Buffer, delimiter: number): Buffer {
  let end = record.length - 1
  while (end >= 0 && record[end] === 0) end--
  if (record[end] !== delimiter) {
    throw new WebPushError(
      'DECRYPTION_FAILED',
      'A record has the wrong delimiter: the body is truncated or was joined',
    )
  }
  return record.subarray(0, end)
}
