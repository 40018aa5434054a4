import { createAllowedHosts, parsePushResolve } from '@belfry/web-push'
import * as z from 'zod'
import { ConfigError } from './config/config-error.ts'
import { laterSettings } from './config/later-settings.ts'
import { isGiven, readSettings, secretNames } from './config/read-settings.ts'
import {
  baseUrl,
  bearer,
  oneOf,
  origin,
  parsedBy,
  saysValue,
  shortestSecretBytes,
  splitList,
  wholeNumber,
} from './config/setting-parsers.ts'
import { checkVapidSettings } from './config/vapid-settings.ts'

/** Everything that can be set, checked. Made once by `main.ts` from the environment. */
export type Config = z.output<typeof schema>

const schema = z.object({
  PORT: wholeNumber(0, 65_535).default(8080),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: origin.optional(),
  DATA_DIR: z.string().default('./data'),
  MONGODB_URL: z
    .string()
    .regex(
      /^mongodb(\+srv)?:\/\/[^/?#]+\/[^/?#]+/,
      'must look like mongodb://user:password@host:27017/belfry, with the database’s name',
    )
    .optional(),
  RABBITMQ_URL: z
    .string()
    .regex(/^amqps?:\/\/[^/]+/, 'must look like amqp://user:password@host:5672/vhost')
    .optional(),
  /** Messages and calls that may wait for RabbitMQ; each is about 1 kB in MongoDB. */
  OUTBOX_MAX_PENDING: wholeNumber(1, 999_999_999).default(1_000_000),
  VAPID_PUBLIC_KEY: z.string().optional(),
  VAPID_PRIVATE_KEY: z.string().optional(),
  VAPID_SUBJECT: z.string().optional(),
  /** `PUBLIC:PRIVATE`, each. */
  VAPID_PREVIOUS_KEYS: z.string().transform(splitList).default([]),
  JWT_SECRET: z
    .string()
    .refine(
      (text) => Buffer.byteLength(text) >= shortestSecretBytes,
      'must be at least 32 bytes; `npx belfry keys` prints a good one',
    )
    .optional(),
  JWT_JWKS_URL: z
    .string()
    .refine(isSafeToFetch, 'must be an https address, or http on this machine')
    .optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  PUSH_ALLOWED_HOSTS: parsedBy((text) => {
    const hosts = splitList(text)
    createAllowedHosts(hosts)
    return hosts
  }).default([]),
  PUSH_RESOLVE: parsedBy(parsePushResolve, 'must be a comma list of host:443=address:port').default(
    new Map(),
  ),
  APP_URL: origin.optional(),
  ALLOWED_ORIGINS: z.string().transform(splitList).pipe(z.array(origin)).default([]),
  RING_TIMEOUT_SECONDS: wholeNumber(5, 120).default(30),
  /** `/send` and `/getReceipts` are appended to it. */
  EXPO_PUSH_URL: baseUrl.default('https://exp.host/--/api/v2/push'),
  EXPO_ACCESS_TOKEN: bearer.optional(),
  /** Expo forgets receipts after a day. */
  EXPO_RECEIPT_DELAY_SECONDS: wholeNumber(0, 43_200).default(900),
  LOG_LEVEL: oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent').default('info'),
  LOG_FORMAT: oneOf('pretty', 'json').optional(),
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
  const names = Object.keys(schema.shape)
  const { settings, problems } = readSettings(names, environment, readFile)
  const later = laterSettings
    .filter((name) => isGiven(environment[name]) || isGiven(environment[`${name}_FILE`]))
    .map((name) => `${name}: this version cannot use it yet; remove it`)
  const result = schema.safeParse(settings)
  const wrong = result.error?.issues.map((issue) => describe(issue, settings)) ?? []
  const all = [...problems, ...wrong, ...checkVapidSettings(settings), ...later]
  if (!result.success || all.length > 0) throw new ConfigError(all)
  return result.data
}

function describe(issue: z.core.$ZodIssue, settings: Readonly<Record<string, string>>): string {
  const name = String(issue.path[0] ?? '')
  const said = issue.code === 'custom' && issue.params?.[saysValue] === true
  const shown = said || secretNames.has(name) ? '' : `, got ${JSON.stringify(settings[name] ?? '')}`
  return `${name}: ${issue.message}${shown}`
}

/** An issuer's keys decide who is let in: nobody between may change them. */
function isSafeToFetch(text: string): boolean {
  const url = URL.parse(text)
  return (
    url?.protocol === 'https:' ||
    (url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname))
  )
}
