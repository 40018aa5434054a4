import { createServer } from 'node:net'
import { readFileSync } from 'node:fs'
import { listenFailure } from '../api/listen.ts'
import { compose } from '../compose.ts'
import { readConfig, type Config } from '../config.ts'
import { ConfigError } from '../config/config-error.ts'
import { readSecrets, type Secrets } from '../config/secrets.ts'
import { createFailpoint, noFailpoint } from '../observability/failpoint.ts'
import { createLog, type Log } from '../observability/log.ts'
import { laterRoles, roles, type Role } from '../roles.ts'
import { buildWebApp } from './build-web-app.ts'
import type { StopOnSignal } from './stop-on-signal.ts'
import type { Surroundings } from './surroundings.ts'

export interface StartInput extends Omit<Surroundings, 'complain' | 'onSignal' | 'exit'> {
  /** Comma list from `--roles`. */
  readonly roles: string | undefined
  readonly stop: StopOnSignal
}

/** `belfry start`: every role, or those named, until a signal, which may also come while it starts. */
export async function startCommand(input: StartInput): Promise<void> {
  try {
    await start(input)
  } catch (cause) {
    if (!input.stop.asked.aborted) throw cause
    // What had been opened is closed. Whoever breaks a start off need not hear that it did not succeed.
    input.stop.brokenOff()
  }
}

async function start(input: StartInput): Promise<void> {
  const { asked } = input.stop
  const environment = input.environment()
  const config = readConfig(environment, (path) => readFileSync(path, 'utf8'))
  const chosen = chooseRoles(input.roles, config)
  const log = createLog({
    level: config.LOG_LEVEL,
    format: config.LOG_FORMAT ?? (input.isTerminal ? 'pretty' : 'json'),
  })
  const port = config.PORT === 0 ? await freePort(config.HOST) : config.PORT
  const publicUrl = config.PUBLIC_URL ?? `http://localhost:${port}`
  const secrets = readSecrets(config, publicUrl)
  warnOfSettings({ config, secrets, log })
  const servesPages = chosen.includes('api')
  const webDir = servesPages ? await buildWebApp(input.root, input.say, asked) : null
  const { NODE_ENV, FAILPOINT } = environment
  const failpoint =
    NODE_ENV === 'test' && FAILPOINT !== undefined
      ? createFailpoint(FAILPOINT, () => process.kill(process.pid, 'SIGKILL'))
      : noFailpoint
  asked.throwIfAborted()
  const program = await compose({
    config,
    roles: chosen,
    secrets,
    port,
    publicUrl,
    webDir,
    log,
    failpoint,
    stopping: asked,
  })

  input.stop.started(program, log)
  if (asked.aborted) return
  if (!servesPages) {
    input.say(
      `Belfry is running: ${chosen.join(', ')}; its health: ${healthAddress(config.HOST, port)}`,
    )
    return
  }
  input.say(`Belfry is running: ${publicUrl}`)
  input.say(
    'Open it, choose Register, and sign in with that name and password. A second browser is a second person.',
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

/**
 * Roles apart stand on engines that several processes can share, and on keys that they agree on.
 * @throws ConfigError
 */
function chooseRoles(wanted: string | undefined, config: Config): readonly Role[] {
  if (wanted === undefined) return roles
  const names = wanted.split(',').map((name) => name.trim())
  const chosen = roles.filter((role) => names.includes(role))
  const known: readonly string[] = [...roles, ...laterRoles]
  const needed = [
    'MONGODB_URL',
    'RABBITMQ_URL',
    'VAPID_PUBLIC_KEY',
    'VAPID_PRIVATE_KEY',
    'JWT_SECRET',
  ] as const
  const problems = [
    ...names
      .filter((name) => !known.includes(name))
      .map(
        (name) =>
          `--roles: there is no role ${JSON.stringify(name)}; there are ${known.join(', ')}`,
      ),
    ...laterRoles
      .filter((role) => names.includes(role))
      .map((role) => `--roles: this version does not have the role ${role} yet; leave it out`),
    ...needed
      .filter((name) => config[name] === undefined)
      .map(
        (name) =>
          `--roles: roles apart need ${name}; set it, or leave --roles out to run them all here`,
      ),
  ]
  if (problems.length > 0) throw new ConfigError(problems)
  return chosen
}

function healthAddress(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/readyz`
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (cause) => reject(listenFailure(cause, { port: 0, host })))
    probe.listen(0, host, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
