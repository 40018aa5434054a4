import { createServer } from 'node:net'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { emptyFolder, runBelfryProcess } from '../support/belfry-process.ts'
import { freePort } from '../support/free-port.ts'

const timeout = 30_000

async function start(dataDir: string, environment: Record<string, string> = {}) {
  const port = await freePort()
  const belfry = runBelfryProcess({
    args: ['start'],
    environment: { DATA_DIR: dataDir, PORT: String(port), ...environment },
  })
  return { belfry, port }
}

test(
  'it starts with nothing set, says where it is, and ends with 0 at SIGTERM, also when told twice',
  { timeout },
  async () => {
    const dataDir = join(emptyFolder(), 'made/by/itself')
    const { belfry, port } = await start(dataDir)
    await belfry.printed(`Belfry is running: http://localhost:${port}`)
    await belfry.printed('sign in with that name and password')
    await belfry.printed('"msg":"Bus started"')
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200)
    belfry.signal('SIGTERM')
    belfry.signal('SIGTERM')
    expect(await belfry.ended).toBe(0)
  },
)

test(
  'keys are made once, for their owner’s eyes alone, and are the same at the second start',
  { timeout },
  async () => {
    const dataDir = emptyFolder()
    const path = join(dataDir, 'keys.json')
    const keys: string[] = []
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const { belfry, port } = await start(dataDir)
      await belfry.printed('Belfry is running')
      const config: unknown = await (await fetch(`http://127.0.0.1:${port}/api/push/config`)).json()
      keys.push(readFileSync(path, 'utf8'), JSON.stringify(config).slice(0, 110))
      expect(statSync(path).mode & 0o777).toBe(0o600)
      belfry.signal(signal)
      expect(await belfry.ended).toBe(0)
    }
    expect(keys.slice(2)).toEqual(keys.slice(0, 2))
  },
)

test(
  'a second process on the same DATA_DIR is refused with the pid of the first, which goes on',
  { timeout },
  async () => {
    const dataDir = emptyFolder()
    const { belfry: first, port } = await start(dataDir)
    await first.printed('Belfry is running')
    const { belfry: second } = await start(dataDir)
    expect(await second.ended).toBe(1)
    expect(second.output()).toContain(`in use by process ${first.pid}`)
    expect(second.output()).toContain('[DATA_DIR_IN_USE]')
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
  },
)

test(
  'a port that is taken is named in one sentence, and the process ends with 1',
  { timeout },
  async () => {
    const taken = createServer()
    const port = await freePort()
    await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve))
    onTestFinished(() => void taken.close())
    const { belfry } = await start(emptyFolder(), { PORT: String(port) })
    expect(await belfry.ended).toBe(1)
    expect(belfry.output()).toContain(
      `127.0.0.1:${port} is taken by another program. Stop that one, or set PORT to a free port; PORT=0 takes any. [PORT_IN_USE]`,
    )
    expect(belfry.output()).not.toMatch(/^\s+at /m)
  },
)

test('an address that is not of this machine is named', { timeout }, async () => {
  const { belfry } = await start(emptyFolder(), { HOST: '192.0.2.1' })
  expect(await belfry.ended).toBe(1)
  expect(belfry.output()).toContain('[HOST_UNKNOWN]')
})

test('a keys file that is broken stops the start and is left as it is', { timeout }, async () => {
  const dataDir = emptyFolder()
  const path = join(dataDir, 'keys.json')
  writeFileSync(path, '{"vapidPublicKey":')
  const { belfry } = await start(dataDir)
  expect(await belfry.ended).toBe(1)
  expect(belfry.output()).toContain('[KEYS_FILE_INVALID]')
  expect(readFileSync(path, 'utf8')).toBe('{"vapidPublicKey":')
})

test(
  'a keys file, .env or data file that cannot be used stops the start, and is not said to be broken',
  { timeout },
  async () => {
    // Nobody can read a folder as a file, not even root, who may read everything else.
    for (const name of ['keys.json', '.env', 'belfry.db']) {
      const dataDir = emptyFolder()
      mkdirSync(join(dataDir, name))
      const port = await freePort()
      const environment = { DATA_DIR: '.', PORT: String(port) }
      const belfry = runBelfryProcess({ args: ['start'], cwd: dataDir, environment })
      expect(await belfry.ended).toBe(1)
      expect(belfry.output()).toContain(
        `${name} cannot be ${name === 'belfry.db' ? 'written' : 'read'} (`,
      )
      expect(belfry.output()).toContain('[FILE_UNUSABLE]')
      expect(belfry.output()).not.toMatch(/Belfry is running|away|^\s+at /m)
    }
  },
)

test('a DATA_DIR that cannot be made is named', { timeout }, async () => {
  const file = join(emptyFolder(), 'file')
  writeFileSync(file, '')
  const { belfry } = await start(join(file, 'data'))
  expect(await belfry.ended).toBe(1)
  expect(belfry.output()).toContain('[DATA_DIR_UNUSABLE]')
})

test('.env is read, and the environment goes before it', { timeout }, async () => {
  const cwd = emptyFolder()
  writeFileSync(join(cwd, '.env'), 'RING_TIMEOUT_SECONDS=45\nLOG_LEVEL=nonsense\nDATA_DIR=./here\n')
  const port = await freePort()
  const environment = { PORT: String(port), LOG_LEVEL: 'warn' }
  const belfry = runBelfryProcess({ args: ['start'], cwd, environment })
  await belfry.printed('Belfry is running')
  const config: unknown = await (await fetch(`http://127.0.0.1:${port}/api/push/config`)).json()
  expect(config).toMatchObject({ ringTimeoutSeconds: 45 })
  expect(existsSync(join(cwd, 'here/belfry.db'))).toBe(true)
})

test('what is allowed and seldom meant is said at the start', { timeout }, async () => {
  const { belfry } = await start(emptyFolder(), {
    HOST: '0.0.0.0',
    JWT_JWKS_URL: 'https://id.example/jwks.json',
    PUSH_ALLOWED_HOSTS: 'push.internal:8443',
    PUSH_RESOLVE: 'fcm.googleapis.com:443=127.0.0.1:9',
  })
  await belfry.printed('Push host redirected by PUSH_RESOLVE')
  for (const said of [
    'VAPID_SUBJECT is a placeholder',
    'PUBLIC_URL is not set',
    'JWT_AUDIENCE is not set',
    'push.internal:8443',
  ])
    expect(belfry.output()).toContain(said)
})

test(
  'every wrong setting is listed at once, and the process ends with 1',
  { timeout },
  async () => {
    const dataDir = emptyFolder()
    const { belfry } = await start(dataDir, {
      PORT: 'many',
      RING_TIMEOUT_SECONDS: '3',
      SMTP_URL: 'smtp://x',
    })
    expect(await belfry.ended).toBe(1)
    expect(belfry.output()).toBe(
      [
        '3 settings are wrong:',
        '  PORT: must be a whole number from 0 to 65535, got "many"',
        '  RING_TIMEOUT_SECONDS: must be a whole number from 5 to 120, got "3"',
        '  SMTP_URL: this version cannot use it yet; remove it [CONFIG_INVALID]',
        '',
      ].join('\n'),
    )
    expect(existsSync(join(dataDir, 'keys.json'))).toBe(false)
  },
)

test(
  'roles apart without shared engines and keys are refused, with all that is missing, and an unknown one by name',
  { timeout },
  async () => {
    const [known, unknown] = ['api,web-push', 'api,bakery,missed-call'].map((roles) =>
      runBelfryProcess({ args: ['start', '--roles', roles] }),
    )
    expect([await known?.ended, await unknown?.ended]).toEqual([1, 1])
    for (const name of ['MONGODB_URL', 'RABBITMQ_URL', 'VAPID_PRIVATE_KEY', 'JWT_SECRET'])
      expect(known?.output()).toContain(`--roles: roles apart need ${name}`)
    expect(known?.output()).not.toContain('there is no role')
    expect(unknown?.output()).toContain('there is no role "bakery"')
    expect(unknown?.output()).toContain('does not have the role missed-call yet')
  },
)

test(
  'keys prints a new pair and secret as lines that can be used, or as JSON',
  { timeout },
  async () => {
    const lines = runBelfryProcess({ args: ['keys'] })
    const json = runBelfryProcess({ args: ['keys', '--json'] })
    expect([await lines.ended, await json.ended]).toEqual([0, 0])
    const fromLines = Object.fromEntries(
      lines
        .output()
        .trim()
        .split('\n')
        .map((line) => line.split(/=(.*)/s).slice(0, 2)),
    )
    for (const keys of [fromLines, JSON.parse(json.output())]) {
      expect(Object.keys(keys)).toEqual(['VAPID_PUBLIC_KEY', 'VAPID_PRIVATE_KEY', 'JWT_SECRET'])
      expect(Buffer.from(keys.VAPID_PUBLIC_KEY, 'base64url')).toHaveLength(65)
      expect(keys.JWT_SECRET.length).toBeGreaterThan(32)
    }
  },
)

test('every command explains itself', { timeout }, async () => {
  const commands = [
    [],
    ['start'],
    ['keys'],
    ['push-service'],
    ['expo-service'],
    ['dead'],
    ['dead', 'list'],
    ['dead', 'replay'],
  ]
  const helped = commands.map((command) => runBelfryProcess({ args: [...command, '--help'] }))
  for (const [index, belfry] of helped.entries()) {
    expect(await belfry.ended).toBe(0)
    const command = ['belfry', ...(commands[index] ?? [])].join(' ')
    expect(belfry.output().startsWith(`Usage: ${command} `)).toBe(true)
  }
})

test('an unknown command is refused with the list of those there are', { timeout }, async () => {
  const belfry = runBelfryProcess({ args: ['ring'] })
  expect(await belfry.ended).toBe(1)
  expect(belfry.output()).toMatch(/unknown command 'ring'[\s\S]*push-service/)
})
