import { isExpoToken } from './is-expo-token.ts'
import { isRecord } from './is-record.ts'

/** What a field of a message has to be, for the code and in words. */
interface Rule {
  readonly must: string
  accepts(value: unknown): boolean
}

const text: Rule = { must: 'be a string', accepts: (value) => typeof value === 'string' }
const flag: Rule = { must: 'be a boolean', accepts: (value) => typeof value === 'boolean' }
const wholeNumber: Rule = {
  must: 'be a whole number of 0 or more',
  accepts: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
}
const share: Rule = {
  must: 'be a number from 0 to 1',
  accepts: (value) => typeof value === 'number' && value >= 0 && value <= 1,
}

/** Every field that a message may have. Nothing is converted: "1" is no number. */
export const messageFields: Readonly<Record<string, Rule>> = {
  to: { must: 'be an Expo push token, or an array of them', accepts: isRecipients },
  title: text,
  subtitle: text,
  body: text,
  data: { must: 'be an object', accepts: isRecord },
  sound: { must: 'be a string, null or {critical, name, volume}', accepts: isSound },
  ttl: wholeNumber,
  expiration: wholeNumber,
  priority: oneOf('default', 'normal', 'high'),
  badge: wholeNumber,
  interruptionLevel: oneOf('active', 'critical', 'passive', 'time-sensitive'),
  channelId: nullOr(text),
  icon: text,
  richContent: { must: 'be {image}', accepts: (value) => hasOnly(value, { image: text }) },
  categoryId: text,
  // Apple's limit for apns-collapse-id.
  collapseId: {
    must: 'be a string of at most 64 bytes',
    accepts: (value) => typeof value === 'string' && Buffer.byteLength(value) <= 64,
  },
  tag: text,
  threadId: text,
  mutableContent: flag,
  contentAvailable: flag,
  _contentAvailable: flag,
  targetContentId: text,
  relevanceScore: share,
  filterCriteria: text,
}

function isRecipients(value: unknown): boolean {
  const tokens: readonly unknown[] = Array.isArray(value) ? value : [value]
  return (
    tokens.length > 0 && tokens.every((token) => typeof token === 'string' && isExpoToken(token))
  )
}

function isSound(value: unknown): boolean {
  if (value === null || typeof value === 'string') return true
  return hasOnly(value, { critical: flag, name: nullOr(text), volume: share })
}

function nullOr(rule: Rule): Rule {
  return {
    must: `${rule.must} or null`,
    accepts: (value) => value === null || rule.accepts(value),
  }
}

function oneOf(...names: readonly string[]): Rule {
  const accepts = (value: unknown) => typeof value === 'string' && names.includes(value)
  return { must: `be one of ${names.join(', ')}`, accepts }
}

function hasOnly(value: unknown, rules: Readonly<Record<string, Rule>>): boolean {
  if (!isRecord(value)) return false
  return Object.entries(value).every(([name, part]) => rules[name]?.accepts(part) ?? false)
}
