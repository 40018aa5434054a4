import { generateSecrets } from '../config/keys-file.ts'

/** `belfry keys`: a new VAPID pair and JWT secret, as environment lines. */
export function keysCommand(say: (line: string) => void, json: boolean): void {
  const keys = generateSecrets()
  const lines = {
    VAPID_PUBLIC_KEY: keys.vapidPublicKey,
    VAPID_PRIVATE_KEY: keys.vapidPrivateKey,
    JWT_SECRET: keys.jwtSecret,
  }
  if (json) say(JSON.stringify(lines))
  else for (const [name, value] of Object.entries(lines)) say(`${name}=${value}`)
}
