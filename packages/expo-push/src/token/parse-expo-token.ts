/** The answer of `parseExpoToken`. `message` never holds what was given. */
export type ExpoTokenResult =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly code: 'EXPO_TOKEN_INVALID'; readonly message: string }

/** Expo's tokens are about 41 characters; this leaves room, and is what our ids may have. */
const LONGEST = 255

/** What is between the brackets is opaque: any visible ASCII but brackets, quotes and backslash. */
const BRACKETED = /^Expo(?:nent)?PushToken\[[!#-&(-Z^-~]+\]$/
/** Expo's own SDK takes any letter for a hexadecimal digit here, so we do. */
const BARE_UUID = /^[a-z\d]{8}-[a-z\d]{4}-[a-z\d]{4}-[a-z\d]{4}-[a-z\d]{12}$/i

/**
 * Reads an Expo push token: `ExponentPushToken[…]`, `ExpoPushToken[…]` or a bare UUID. It is kept as
 * it is, because upper and lower case count.
 */
export function parseExpoToken(value: unknown): ExpoTokenResult {
  if (typeof value !== 'string') return invalid('must be a string')
  if (value.length > LONGEST) return invalid(`must have at most ${LONGEST} characters`)
  if (!BRACKETED.test(value) && !BARE_UUID.test(value)) {
    return invalid('must look like ExponentPushToken[…], ExpoPushToken[…] or a UUID')
  }
  return { ok: true, token: value }
}

function invalid(rule: string): ExpoTokenResult {
  return { ok: false, code: 'EXPO_TOKEN_INVALID', message: `An Expo push token ${rule}` }
}
