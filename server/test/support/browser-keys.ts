import { createECDH, randomBytes } from 'node:crypto'

/** Keys as a browser makes them for a new subscription, base64url. */
export function browserKeys(): { p256dh: string; auth: string } {
  const ecdh = createECDH('prime256v1')
  return {
    p256dh: ecdh.generateKeys().toString('base64url'),
    auth: randomBytes(16).toString('base64url'),
  }
}

/** What `subscription.toJSON()` gives, at an endpoint of the test's own choice. */
export function subscriptionAt(endpoint: string, keys = browserKeys()) {
  return { endpoint, expirationTime: null, keys }
}

/** An endpoint that no other test uses, at a host that is allowed and never reached. */
export function newEndpoint(): string {
  return `https://updates.push.services.mozilla.com/wpush/v2/${randomBytes(18).toString('base64url')}`
}
