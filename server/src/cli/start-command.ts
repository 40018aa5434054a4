import { createServer } from 'node:net'
import { readFileSync } from 'node:fs'
import { compose, type Program } from '../compose.ts'
import { readConfig, type Config } from '../config.ts'
import { ConfigError } from '../config/config-error.ts'
import { readSecrets, type Secrets } from '../config/secrets.ts'
import { createFailpoint, noFailpoint } from '../observability/failpoint.ts'
import { createLog, type Log } from '../observability/log.ts'
import { laterRoles, roles } from '../roles.ts'
import { buildWebApp } from './build-web-app.ts'
import type { Surroundings } from './surroundings.ts'

export interface StartInput extends Omit<Surroundings, 'complain'> {
  /** Comma list from `--roles`. */
  readonly roles: string | undefined
}

/** A second signal within this is the same one: a terminal sends Ctrl-C to npm and to us. */
const sameSignalMs = 1000
const longestDrainMs = 10_000

/** `belfry start`: every role on the embedded engines, until a signal. */
export async function startCommand(input: StartInput): Promise<void> {
  refuseRoles(input.roles)
  const environment = input.environment()
  const config = readConfig(environment, (path) => readFileSync(path, 'utf8'))
  const log = createLog({
    level: config.LOG_LEVEL,
    format: config.LOG_FORMAT ?? (input.isTerminal ? 'pretty' : 'json'),
  })
  const port = config.PORT === 0 ? await freePort(config.HOST) : config.PORT
  const publicUrl = config.PUBLIC_URL ?? `http://localhost:${port}`
  const secrets = readSecrets(config, publicUrl)
  warnOfSettings({ config, secrets, log })
  const webDir = buildWebApp(input.root, input.say)
  const { NODE_ENV, FAILPOINT } = environment
  const failpoint =
    NODE_ENV === 'test' && FAILPOINT !== undefined
      ? createFailpoint(FAILPOINT, () => process.kill(process.pid, 'SIGKILL'))
      : noFailpoint
  const program = await compose({ config, secrets, port, publicUrl, webDir, log, failpoint })

  stopOnSignal(input, { program, log })
  input.say(`Belfry is running: ${publicUrl}`)
  input.say(
    'Open it, choose Create an account, and sign in with that name and password. A second browser is a second person.',
  )
}

function warnOfSettings({
  config,
  secrets,
  log,
}: {
  config: Config
  secrets: Secrets
  log: Log
}): void {
  if (secrets.subjectIsPlaceholder) {
    log.warn(
      'VAPID_SUBJECT is a placeholder, which Apple refuses: set it to a mailto: or https: address of yours',
    )
  }
  if (config.PUBLIC_URL === undefined && !['127.0.0.1', 'localhost', '::1'].includes(config.HOST)) {
    log.warn(
      'PUBLIC_URL is not set: links in notifications lead to localhost, which is another machine for others',
    )
  }
  if (config.JWT_JWKS_URL !== undefined && config.JWT_AUDIENCE === undefined) {
    log.warn(
      'JWT_AUDIENCE is not set: tokens that the issuer made for other programs are let in too',
    )
  }
  for (const host of config.PUSH_ALLOWED_HOSTS)
    log.warn({ host }, 'Push host allowed by PUSH_ALLOWED_HOSTS')
  for (const [from, to] of config.PUSH_RESOLVE) {
    log.warn(
      { from, to: `${to.address}:${to.port}` },
      'Push host redirected by PUSH_RESOLVE: for development and tests only',
    )
  }
}

/** Drains and exits 0; 1 when that fails or takes too long, or at a second signal. */
function stopOnSignal(input: StartInput, { program, log }: { program: Program; log: Log }): void {
  let stoppingSinceMs: number | null = null
  input.onSignal(() => {
    if (stoppingSinceMs !== null) {
      if (performance.now() - stoppingSinceMs > sameSignalMs) input.exit(1)
      return
    }
    stoppingSinceMs = performance.now()
    log.info('Stopping: finishing what is in hand')
    setTimeout(() => input.exit(1), longestDrainMs).unref()
    program.stop().then(
      () => input.exit(0),
      (cause: unknown) => {
        log.error({ err: cause }, 'Stopping failed; what was accepted is in the store')
        input.exit(1)
      },
    )
  })
}

function refuseRoles(wanted: string | undefined): void {
  if (wanted === undefined) return
  const known: readonly string[] = [...roles, ...laterRoles]
  const unknown = wanted.split(',').filter((role) => !known.includes(role.trim()))
  throw new ConfigError([
    ...unknown.map(
      (role) => `--roles: there is no role ${JSON.stringify(role)}; there are ${known.join(', ')}`,
    ),
    '--roles: roles apart need RabbitMQ and MongoDB, which this version cannot use yet; leave --roles out to run them all here',
  ])
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, host, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
