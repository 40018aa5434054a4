import type { BrowserSubscription } from './push-sender.ts'

/** Reads `JSON.stringify(subscription)` as a page hands it over. */
export function parseSubscription(json: unknown): BrowserSubscription {
  const value: unknown = typeof json === 'string' ? JSON.parse(json) : undefined
  const keys = member(value, 'keys')
  return {
    endpoint: text(member(value, 'endpoint')),
    keys: { p256dh: text(member(keys, 'p256dh')), auth: text(member(keys, 'auth')) },
  }
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).find(([key]) => key === name)?.[1]
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`a subscription lacks a text: ${typeof value}`)
  return value
}
