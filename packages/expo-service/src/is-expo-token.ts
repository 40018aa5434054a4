const uuid = /^[a-z\d]{8}(-[a-z\d]{4}){3}-[a-z\d]{12}$/i

/** Whether a text has a shape that Expo's server SDK takes for a push token. Tokens are opaque and case-sensitive. */
export function isExpoToken(text: string): boolean {
  return /^Expo(nent)?PushToken\[.+\]$/.test(text) || uuid.test(text)
}
