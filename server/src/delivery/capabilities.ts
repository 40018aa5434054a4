import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { DeliveryStore } from '../store/port.ts'

/** What a receipt allows: saying what became of this delivery, and declining this ring. */
export interface ReceiptClaims {
  readonly deliveryId: string
  readonly deviceRowId: string
  /** The call's session or the conversation; '' for a test. */
  readonly subjectId: string
}

/**
 * Capabilities: strings that prove by themselves what they allow, for service workers, which have
 * no session. An HMAC over what it names; no capability is stored.
 */
export interface Capabilities {
  /** Carries the delivery's id alone, because every byte of a push counts: the ledger's row knows the rest. */
  receipt(claims: ReceiptClaims): string
  /** Null for anything that we did not make, or whose delivery is no longer on record. */
  readReceipt(
    receipt: string,
    deliveries: Pick<DeliveryStore, 'byId'>,
  ): Promise<ReceiptClaims | null>
  /** Good for one renewal of one row: the row's generation moves on with it. */
  renewToken(rowId: string, generation: number): string
  isRenewToken(token: string, rowId: string, generation: number): boolean
  /** 32 characters that say nothing about the subject: Topic of RFC 8030. */
  topic(kind: 'call' | 'chat', subjectId: string): string
}

/** 128 bits: nobody guesses those, and a receipt travels in every push. */
const receiptMacBytes = 16

export function createCapabilities(secret: string): Capabilities {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'belfry capabilities v1', 32))
  const mac = (text: string) => createHmac('sha256', key).update(text).digest().subarray(0, 24)
  const receiptMac = ({ deliveryId, deviceRowId, subjectId }: ReceiptClaims) =>
    mac(`receipt\n${JSON.stringify([deliveryId, deviceRowId, subjectId])}`).subarray(
      0,
      receiptMacBytes,
    )

  return {
    receipt: (claims) => `${claims.deliveryId}.${receiptMac(claims).toString('base64url')}`,
    async readReceipt(receipt, deliveries) {
      const [deliveryId = '', signature = '', ...rest] = receipt.split('.')
      if (deliveryId === '' || signature === '' || rest.length > 0) return null
      const delivery = await deliveries.byId(deliveryId)
      if (delivery === null || delivery.deviceRowId === null) return null
      const { deviceRowId } = delivery
      const claims = { deliveryId, deviceRowId, subjectId: delivery.subjectId ?? '' }
      return equal(receiptMac(claims), signature) ? claims : null
    },
    renewToken: (rowId, generation) => mac(`renew\n${rowId}\n${generation}`).toString('base64url'),
    isRenewToken: (token, rowId, generation) => equal(mac(`renew\n${rowId}\n${generation}`), token),
    topic: (kind, subjectId) => mac(`topic\n${kind}\n${subjectId}`).toString('base64url'),
  }
}

/** Compares the text: Buffer reads more than one spelling of the same bytes. */
function equal(expected: Buffer, given: string): boolean {
  const ours = Buffer.from(expected.toString('base64url'))
  const theirs = Buffer.from(given)
  return ours.length === theirs.length && timingSafeEqual(ours, theirs)
}
