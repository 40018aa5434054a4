import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** What a receipt allows: saying what became of this delivery, and declining this ring. */
export interface ReceiptClaims {
  readonly deliveryId: string
  readonly deviceRowId: string
  /** The call's session or the conversation; '' for a test. */
  readonly subjectId: string
}

/**
 * Capabilities: strings that prove by themselves what they allow, for service workers, which have
 * no session. An HMAC over what it names; nothing is stored.
 */
export interface Capabilities {
  receipt(claims: ReceiptClaims): string
  /** Null for anything that we did not make. */
  readReceipt(receipt: string): ReceiptClaims | null
  /** Good for one renewal of one row: the row's generation moves on with it. */
  renewToken(rowId: string, generation: number): string
  isRenewToken(token: string, rowId: string, generation: number): boolean
  /** 32 characters that say nothing about the subject: Topic of RFC 8030. */
  topic(kind: 'call' | 'chat', subjectId: string): string
}

export function createCapabilities(secret: string): Capabilities {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'belfry capabilities v1', 32))
  const mac = (text: string) => createHmac('sha256', key).update(text).digest().subarray(0, 24)

  return {
    receipt(claims) {
      const body = Buffer.from(
        JSON.stringify([claims.deliveryId, claims.deviceRowId, claims.subjectId]),
      ).toString('base64url')
      return `${body}.${mac(`receipt\n${body}`).toString('base64url')}`
    },
    readReceipt(receipt) {
      const [body = '', signature = '', ...rest] = receipt.split('.')
      if (rest.length > 0 || !equal(mac(`receipt\n${body}`), signature)) return null
      const parsed: unknown = JSON.parse(Buffer.from(body, 'base64url').toString())
      if (!Array.isArray(parsed) || !parsed.every((part) => typeof part === 'string')) return null
      const [deliveryId = '', deviceRowId = '', subjectId = ''] = parsed
      return { deliveryId, deviceRowId, subjectId }
    },
    renewToken: (rowId, generation) => mac(`renew\n${rowId}\n${generation}`).toString('base64url'),
    isRenewToken: (token, rowId, generation) => equal(mac(`renew\n${rowId}\n${generation}`), token),
    topic: (kind, subjectId) => mac(`topic\n${kind}\n${subjectId}`).toString('base64url'),
  }
}

function equal(expected: Buffer, given: string): boolean {
  const bytes = Buffer.from(given, 'base64url')
  return bytes.length === expected.length && timingSafeEqual(bytes, expected)
}
