/** What to do, in one sentence each. */
export const HINTS = {
  mismatchedSender:
    "The project's FCM key and its google-services.json are of different Firebase projects: upload the service account key of the right one with `eas credentials`.",
  invalidCredentials:
    "The project's FCM or APNs key is missing, wrong or revoked: upload a new one with `eas credentials`.",
  unauthorized:
    'Expo refuses the access token: set EXPO_ACCESS_TOKEN to a token of the account that owns the project, or turn its enhanced push security off.',
  tooLarge:
    'The message is above the 4,096 bytes that Apple and Google take: send a shorter one, once.',
  developer:
    "Expo says that the app is set up wrongly: check the project's push credentials and its build.",
  badRequest: 'Expo refuses this message: report it with the error code',
  notExpo:
    'The address answers, but is not the push service: check EXPO_PUSH_URL, and a proxy on the way.',
  unknown: 'Expo answered with an error that this version does not know: report it with its name',
  tokenInvalid: 'The stored token is not an Expo push token: let the app register again.',
} as const

/** A hint that ends with the name Expo gave, if that is a name: its messages quote tokens. */
export function hintWithName(hint: string, name: unknown): string {
  const isName = typeof name === 'string' && /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name)
  return `${hint} (${isName ? name : 'it has none'}).`
}
