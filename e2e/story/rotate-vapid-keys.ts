import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Belfry } from '../support/belfry.ts'

const run = promisify(execFile)
const PROGRAM = join(import.meta.dirname, '../../server/src/main.ts')

/**
 * What an operator does while the server is stopped: `belfry keys`, and the new pair into `.env`, with
 * the one in use until now as the previous one.
 * @returns the new public key
 */
export async function rotateVapidKeys({ dataDir }: Belfry): Promise<string> {
  const { stdout } = await run(process.execPath, [PROGRAM, 'keys', '--json'])
  const older = await readFile(join(dataDir, 'keys.json'), 'utf8')
  const publicKey = field(stdout, 'VAPID_PUBLIC_KEY')
  const lines = {
    VAPID_PUBLIC_KEY: publicKey,
    VAPID_PRIVATE_KEY: field(stdout, 'VAPID_PRIVATE_KEY'),
    VAPID_PREVIOUS_KEYS: `${field(older, 'vapidPublicKey')}:${field(older, 'vapidPrivateKey')}`,
  }
  const text = Object.entries(lines).map(([name, value]) => `${name}=${value}\n`)
  await writeFile(join(dataDir, '.env'), text.join(''))
  return publicKey
}

function field(json: string, name: string): string {
  const parsed: unknown = JSON.parse(json)
  const entries = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : []
  const value: unknown = entries.find(([key]) => key === name)?.[1]
  if (typeof value !== 'string') throw new TypeError(`the keys lack ${name}`)
  return value
}
