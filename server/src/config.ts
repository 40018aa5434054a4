import { checkSubject, createAllowedHosts, parsePushResolve } from '@belfry/web-push'
import * as z from 'zod'
import { ConfigError } from './config/config-error.ts'
import { laterSettings } from './config/later-settings.ts'
import { origin, parsedBy, splitList, vapidPair } from './config/setting-parsers.ts'

/** Everything that can be set, checked. Made once by `main.ts` from the environment. */
export type Config = z.output<typeof schema>

const port = z.coerce.number().int().min(0).max(65_535)
const seconds = (least: number, most: number) => z.coerce.number().int().min(least).max(most)
const list = z.string().transform(splitList)
const secret = z
  .string()
  .refine(
    (text) => Buffer.byteLength(text) >= 32,
    'must be at least 32 bytes; `npx belfry keys` prints a good one',
  )

const schema = z
  .object({
    PORT: port.default(8080),
    HOST: z.string().min(1).default('127.0.0.1'),
    PUBLIC_URL: origin.optional(),
    DATA_DIR: z.string().min(1).default('./data'),
    VAPID_PUBLIC_KEY: z.string().optional(),
    VAPID_PRIVATE_KEY: z.string().optional(),
    VAPID_SUBJECT: z.string().optional(),
    VAPID_PREVIOUS_KEYS: list.default([]),
    JWT_SECRET: secret.optional(),
    JWT_JWKS_URL: z
      .url({ protocol: /^https?$/ })
      .refine(
        (url) => url.startsWith('https:') || /^http:\/\/(localhost|127\.0\.0\.1)[:/]/.test(url),
        'must be https, or http on this machine',
      )
      .optional(),
    JWT_ISSUER: z.string().min(1).optional(),
    JWT_AUDIENCE: z.string().min(1).optional(),
    PUSH_ALLOWED_HOSTS: parsedBy((text) => {
      const hosts = splitList(text)
      createAllowedHosts(hosts)
      return hosts
    }).default([]),
    PUSH_RESOLVE: parsedBy(parsePushResolve).default(new Map()),
    APP_URL: origin.optional(),
    ALLOWED_ORIGINS: z.string().transform(splitList).pipe(z.array(origin)).default([]),
    RING_TIMEOUT_SECONDS: seconds(5, 120).default(30),
    LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    LOG_FORMAT: z.enum(['pretty', 'json']).optional(),
  })
  .superRefine((settings, context) => {
    if ((settings.VAPID_PUBLIC_KEY === undefined) !== (settings.VAPID_PRIVATE_KEY === undefined)) {
      context.addIssue({
        code: 'custom',
        path: ['VAPID_PRIVATE_KEY'],
        message:
          'VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY belong together: give both or neither; `npx belfry keys` prints a pair',
      })
    } else if (
      settings.VAPID_PUBLIC_KEY !== undefined &&
      settings.VAPID_PRIVATE_KEY !== undefined
    ) {
      const pair = vapidPair(settings.VAPID_PUBLIC_KEY, settings.VAPID_PRIVATE_KEY)
      if (!pair.ok)
        context.addIssue({ code: 'custom', path: ['VAPID_PRIVATE_KEY'], message: pair.message })
    }
    for (const [index, previous] of settings.VAPID_PREVIOUS_KEYS.entries()) {
      const [publicKey = '', privateKey = ''] = previous.split(':')
      const pair = vapidPair(publicKey, privateKey)
      if (!pair.ok) {
        context.addIssue({
          code: 'custom',
          path: ['VAPID_PREVIOUS_KEYS'],
          message: `entry ${index + 1} must be PUBLIC:PRIVATE, ${pair.message}`,
        })
      }
    }
    if (settings.VAPID_SUBJECT !== undefined) {
      const subject = checkSubject(settings.VAPID_SUBJECT)
      if (!subject.ok)
        context.addIssue({ code: 'custom', path: ['VAPID_SUBJECT'], message: subject.message })
    }
  })

/**
 * Reads and checks every setting; also each secret as `NAME_FILE`, through `readFile`.
 *
 * @throws ConfigError that lists every wrong setting at once, each with what to do.
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): Config {
  const problems = laterSettings
    .filter((name) => present(environment[name]) || present(environment[`${name}_FILE`]))
    .map((name) => `${name}: this version cannot use it yet; remove it`)
  const settings: Record<string, string> = {}
  for (const name of Object.keys(schema.shape)) {
    const value = environment[name]
    const path = environment[`${name}_FILE`]
    if (present(value)) settings[name] = value
    else if (secretNames.has(name) && present(path)) {
      try {
        settings[name] = readFile(path).trim()
      } catch (cause) {
        problems.push(
          `${name}_FILE: cannot read ${path} (${cause instanceof Error ? cause.message : 'unknown'})`,
        )
      }
    }
  }
  const result = schema.safeParse(settings)
  if (!result.success) {
    problems.push(...result.error.issues.map((issue) => describe(issue, settings)))
  }
  if (!result.success || problems.length > 0) throw new ConfigError(problems)
  return result.data
}

const secretNames = new Set(['VAPID_PRIVATE_KEY', 'VAPID_PREVIOUS_KEYS', 'JWT_SECRET'])

function present(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== ''
}

function describe(issue: z.core.$ZodIssue, settings: Readonly<Record<string, string>>): string {
  const name = String(issue.path[0] ?? '')
  const shown = secretNames.has(name) ? '' : `, got ${JSON.stringify(settings[name] ?? '')}`
  return `${name}: ${issue.message}${shown}`
}
