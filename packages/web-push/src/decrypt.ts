export { decrypt } from './encryption/decrypt.ts'
export type { DecryptInput } from './encryption/decrypt.ts'
export { generateSubscriptionKeys } from './encryption/generate-subscription-keys.ts'
export type { SubscriptionKeys } from './encryption/generate-subscription-keys.ts'
