import { generateVapidKeys } from '@belfry/web-push'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { ConfigError } from './config/config-error.ts'
import { laterSettings } from './config/later-settings.ts'

const pair = generateVapidKeys()
const other = generateVapidKeys()
const noFile = () => {
  throw new Error('no such file')
}

function problemsOf(
  environment: Record<string, string>,
  readFile: (path: string) => string = noFile,
) {
  try {
    readConfig(environment, readFile)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

test('with nothing set, everything has its default', () => {
  expect(readConfig({}, noFile)).toEqual({
    PORT: 8080,
    HOST: '127.0.0.1',
    DATA_DIR: './data',
    OUTBOX_MAX_PENDING: 1_000_000,
    VAPID_PREVIOUS_KEYS: [],
    PUSH_ALLOWED_HOSTS: [],
    PUSH_RESOLVE: new Map(),
    ALLOWED_ORIGINS: [],
    RING_TIMEOUT_SECONDS: 30,
    EXPO_PUSH_URL: 'https://exp.host/--/api/v2/push',
    EXPO_RECEIPT_DELAY_SECONDS: 900,
    LOG_LEVEL: 'info',
  })
})

test('an empty setting counts as not given, and spaces around a value do not count', () => {
  const config = readConfig({ PORT: '', HOST: '  ', LOG_LEVEL: ' debug ' }, noFile)
  expect(config).toMatchObject({ PORT: 8080, HOST: '127.0.0.1', LOG_LEVEL: 'debug' })
})

test.each<[Record<string, string>, string]>([
  [{ PORT: '70000' }, 'PORT: must be a whole number from 0 to 65535, got "70000"'],
  [{ PORT: '80.5' }, 'PORT: must be a whole number'],
  [{ PORT: '0x50' }, 'PORT: must be a whole number'],
  [
    { OUTBOX_MAX_PENDING: '0' },
    'OUTBOX_MAX_PENDING: must be a whole number from 1 to 999999999, got "0"',
  ],
  [{ OUTBOX_MAX_PENDING: '1e6' }, 'OUTBOX_MAX_PENDING: must be a whole number'],
  [{ RING_TIMEOUT_SECONDS: '121' }, 'RING_TIMEOUT_SECONDS: must be a whole number from 5 to 120'],
  [
    { PUBLIC_URL: 'belfry.example' },
    'PUBLIC_URL: must be an address such as https://belfry.example',
  ],
  [{ PUBLIC_URL: 'https://belfry.example/app' }, 'PUBLIC_URL: must be an address'],
  [{ APP_URL: 'ftp://x' }, 'APP_URL: must be an address'],
  [{ ALLOWED_ORIGINS: 'https://a.example, null' }, 'ALLOWED_ORIGINS: must be an address'],
  [{ ALLOWED_ORIGINS: '*' }, 'ALLOWED_ORIGINS: must be an address'],
  [
    { JWT_SECRET: 'short' },
    'JWT_SECRET: must be at least 32 bytes; `npx belfry keys` prints a good one',
  ],
  [
    { JWT_JWKS_URL: 'http://id.example/jwks' },
    'JWT_JWKS_URL: must be an https address, or http on this machine',
  ],
  [{ JWT_JWKS_URL: 'jwks' }, 'JWT_JWKS_URL: must be an https address'],
  [{ PUSH_ALLOWED_HOSTS: '10.0.0.1' }, 'PUSH_ALLOWED_HOSTS: Cannot allow push host "10.0.0.1"'],
  [{ PUSH_RESOLVE: 'nonsense' }, 'PUSH_RESOLVE: '],
  [{ EXPO_PUSH_URL: 'exp.host' }, 'EXPO_PUSH_URL: must be an address such as https://push.example'],
  [{ EXPO_PUSH_URL: 'file:///etc/passwd' }, 'EXPO_PUSH_URL: must be an address'],
  [{ EXPO_PUSH_URL: 'https://exp.host/push?key=1' }, 'EXPO_PUSH_URL: must be an address'],
  [{ EXPO_PUSH_URL: 'https://me:pw@exp.host/push' }, 'EXPO_PUSH_URL: must be an address'],
  [
    { EXPO_RECEIPT_DELAY_SECONDS: '86400' },
    'EXPO_RECEIPT_DELAY_SECONDS: must be a whole number from 0 to 43200',
  ],
  [
    { LOG_LEVEL: 'loud' },
    'LOG_LEVEL: must be one of trace, debug, info, warn, error, silent, got "loud"',
  ],
  [{ LOG_FORMAT: 'xml' }, 'LOG_FORMAT: must be one of pretty, json'],
  [{ VAPID_SUBJECT: 'mailto:me@localhost' }, 'VAPID_SUBJECT: VAPID subject must be'],
  [{ VAPID_PUBLIC_KEY: pair.publicKey }, 'VAPID_PRIVATE_KEY: must be given with VAPID_PUBLIC_KEY'],
  [
    { VAPID_PRIVATE_KEY: pair.privateKey },
    'VAPID_PUBLIC_KEY: must be given with VAPID_PRIVATE_KEY',
  ],
  [
    { VAPID_PUBLIC_KEY: other.publicKey, VAPID_PRIVATE_KEY: pair.privateKey },
    'VAPID_PRIVATE_KEY: the public key does not belong to the private key',
  ],
  [
    { VAPID_PUBLIC_KEY: 'abc', VAPID_PRIVATE_KEY: pair.privateKey },
    'VAPID_PUBLIC_KEY: the public key must be 65 bytes of base64url; `npx belfry keys` prints a pair',
  ],
  [
    { VAPID_PREVIOUS_KEYS: `${pair.publicKey}:${other.privateKey}` },
    'VAPID_PREVIOUS_KEYS: entry 1 must be PUBLIC:PRIVATE',
  ],
])('%j is refused: %s', (environment, problem) => {
  const problems = problemsOf(environment)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(problem)
})

test('a problem names its setting once, and what was given once', () => {
  expect(problemsOf({ PUSH_RESOLVE: 'foo', PUSH_ALLOWED_HOSTS: 'bar' })).toEqual([
    'PUSH_ALLOWED_HOSTS: Cannot allow push host "bar": a name without a dot needs its port',
    'PUSH_RESOLVE: must be a comma list of host:443=address:port, got "foo"',
  ])
})

test('everything that is wrong is said at once, and no secret is repeated', () => {
  const problems = problemsOf({
    PORT: 'x',
    JWT_SECRET: 'my little secret',
    VAPID_SUBJECT: 'nobody',
    VAPID_PUBLIC_KEY: pair.publicKey,
    VAPID_PRIVATE_KEY: other.privateKey,
    EXPO_ACCESS_TOKEN: 'my little\ntoken',
    SMTP_URL: 'smtp://x',
  })
  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'PORT',
    'JWT_SECRET',
    'EXPO_ACCESS_TOKEN',
    'VAPID_PRIVATE_KEY',
    'VAPID_SUBJECT',
    'SMTP_URL',
  ])
  expect(problems.join()).not.toContain('my little secret')
  expect(problems.join()).not.toContain('my little\ntoken')
  expect(problems.join()).not.toContain(other.privateKey)
})

test.each(laterSettings)('%s is refused by name, by file as well', (name) => {
  const problem = `${name}: this version cannot use it yet; remove it`
  expect(problemsOf({ [name]: 'x' })).toEqual([problem])
  expect(problemsOf({ [`${name}_FILE`]: '/run/secrets/x' })).toEqual([problem])
})

test('a secret is read from its file, without the line end', () => {
  const files = new Map([
    ['/run/secrets/jwt', `${'s'.repeat(40)}\n`],
    ['/run/secrets/vapid', `${pair.privateKey}\n`],
    ['/run/secrets/expo', 'expo-access_token\n'],
  ])
  const config = readConfig(
    {
      JWT_SECRET_FILE: '/run/secrets/jwt',
      VAPID_PUBLIC_KEY: pair.publicKey,
      VAPID_PRIVATE_KEY_FILE: '/run/secrets/vapid',
      EXPO_ACCESS_TOKEN_FILE: '/run/secrets/expo',
    },
    (path) => files.get(path) ?? noFile(),
  )
  expect(config).toMatchObject({
    JWT_SECRET: 's'.repeat(40),
    VAPID_PRIVATE_KEY: pair.privateKey,
    EXPO_ACCESS_TOKEN: 'expo-access_token',
  })
})

test('a secret file that cannot be read, or stands beside the setting itself, is refused', () => {
  expect(problemsOf({ JWT_SECRET_FILE: '/nowhere' })).toEqual([
    'JWT_SECRET_FILE: cannot read /nowhere (no such file)',
  ])
  expect(problemsOf({ JWT_SECRET: 's'.repeat(40), JWT_SECRET_FILE: '/x' })).toEqual([
    'JWT_SECRET: is given twice, by JWT_SECRET and JWT_SECRET_FILE; remove one',
  ])
})

test('a secret file that this user may not read is refused with who asks and the cure', () => {
  const [problem = ''] = problemsOf({ JWT_SECRET_FILE: import.meta.filename }, () => {
    throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
  })
  expect(problem).toContain(`cannot read ${import.meta.filename} (EACCES: permission denied). It `)
  expect(problem).toContain('this program runs as uid')
})

test('phones may be reached by another service than Expo’s own, whose base loses its trailing slash', () => {
  const own = { EXPO_PUSH_URL: 'http://127.0.0.1:9090/push/', EXPO_RECEIPT_DELAY_SECONDS: '0' }
  expect(readConfig(own, noFile)).toMatchObject({
    EXPO_PUSH_URL: 'http://127.0.0.1:9090/push',
    EXPO_RECEIPT_DELAY_SECONDS: 0,
  })
})

test('lists are comma lists, and addresses lose their trailing slash', () => {
  const config = readConfig(
    {
      PUBLIC_URL: 'https://belfry.example/',
      ALLOWED_ORIGINS: 'https://a.example/,, https://b.example',
      VAPID_PREVIOUS_KEYS: `${pair.publicKey}:${pair.privateKey},${other.publicKey}:${other.privateKey}`,
    },
    noFile,
  )
  expect(config.PUBLIC_URL).toBe('https://belfry.example')
  expect(config.ALLOWED_ORIGINS).toEqual(['https://a.example', 'https://b.example'])
  expect(config.VAPID_PREVIOUS_KEYS).toHaveLength(2)
})
