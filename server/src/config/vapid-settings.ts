import { checkSubject } from '@belfry/web-push'
import { splitList, vapidPair } from './setting-parsers.ts'

const advice = '`npx belfry keys` prints a pair'

/** What concerns more than one VAPID setting. Gives sentences, each beginning with the setting's name. */
export function checkVapidSettings(settings: Readonly<Record<string, string>>): string[] {
  const { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey, VAPID_SUBJECT } = settings
  const problems: string[] = []
  if ((publicKey === undefined) !== (privateKey === undefined)) {
    const [given, missing] =
      publicKey === undefined
        ? ['VAPID_PRIVATE_KEY', 'VAPID_PUBLIC_KEY']
        : ['VAPID_PUBLIC_KEY', 'VAPID_PRIVATE_KEY']
    problems.push(`${missing}: must be given with ${given}: give both or neither; ${advice}`)
  } else if (publicKey !== undefined && privateKey !== undefined) {
    const pair = vapidPair(publicKey, privateKey)
    if (!pair.ok) {
      const name = pair.wrong === 'public' ? 'VAPID_PUBLIC_KEY' : 'VAPID_PRIVATE_KEY'
      problems.push(`${name}: ${pair.message}; ${advice}`)
    }
  }
  for (const [index, previous] of splitList(settings['VAPID_PREVIOUS_KEYS'] ?? '').entries()) {
    const [oldPublic = '', oldPrivate = ''] = previous.split(':')
    const pair = vapidPair(oldPublic, oldPrivate)
    if (!pair.ok) {
      problems.push(
        `VAPID_PREVIOUS_KEYS: entry ${index + 1} must be PUBLIC:PRIVATE, ${pair.message}; ${advice}`,
      )
    }
  }
  if (VAPID_SUBJECT !== undefined) {
    const subject = checkSubject(VAPID_SUBJECT)
    if (!subject.ok) problems.push(`VAPID_SUBJECT: ${subject.message}`)
  }
  return problems
}
