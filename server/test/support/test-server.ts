import { startExpoService, type ExpoService } from '@belfry/expo-service'
import { startPushService, type PushService, type Recipient } from '@belfry/push-service'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { roles } from '../../src/roles.ts'
import { readSecrets } from '../../src/config/secrets.ts'
import { noFailpoint } from '../../src/observability/failpoint.ts'
import { createLog } from '../../src/observability/log.ts'
import { ask, at, type Answer, type Question } from './ask.ts'
import { freePort } from './free-port.ts'

export { ask, at, listAt, refusal, type Answer, type Question } from './ask.ts'
export { freePort } from './free-port.ts'

/** The whole program in this process, with push services of its own for browsers and for phones. */
export interface TestServer {
  readonly url: string
  readonly push: PushService
  readonly expo: ExpoService
  readonly dataDir: string
  /** What its tokens are signed with. */
  readonly jwtSecret: string
  /** Signs somebody up; the display name is the name with a capital. */
  person(name: string): Promise<TestPerson>
  /** Any request, without a token. */
  ask(request: Question): Promise<Answer>
  close(): Promise<void>
}

export interface TestPerson {
  readonly id: string
  readonly token: string
  /** Any call of the API as this person. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>
  /** The same with a body that is sent as it is. */
  askRaw(method: string, path: string, raw: string): Promise<Answer>
  /** Subscribes a browser of theirs. */
  subscribe(options?: {
    deviceId?: string
    deviceName?: string
  }): Promise<{ id: string; browser: Recipient }>
}

export interface TestServerOptions {
  readonly environment?: Readonly<Record<string, string>>
  readonly dataDir?: string
  readonly webDir?: string
  /** The wall clock. Default the real one. */
  readonly now?: () => number
}

export const testPassword = 'correct horse'

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const push = await startPushService()
  const expo = await startExpoService()
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'belfry-'))
  const port = await freePort()
  const config = readConfig(
    {
      DATA_DIR: dataDir,
      PORT: String(port),
      LOG_LEVEL: 'silent',
      EXPO_PUSH_URL: expo.url,
      ...options.environment,
      // Its own push service, and what the test adds.
      PUSH_ALLOWED_HOSTS: [push.endpointHost, options.environment?.['PUSH_ALLOWED_HOSTS']].join(
        ',',
      ),
    },
    () => '',
  )
  const publicUrl = config.PUBLIC_URL ?? `http://localhost:${port}`
  const url = `http://127.0.0.1:${port}`
  const secrets = readSecrets(config, publicUrl)
  const log = createLog({ level: config.LOG_LEVEL, format: 'json' })
  const program = await compose({
    config,
    roles,
    secrets,
    port,
    publicUrl,
    webDir: options.webDir ?? null,
    log,
    failpoint: noFailpoint,
    ...(options.now === undefined ? {} : { now: options.now }),
  })
  return {
    url,
    push,
    expo,
    dataDir,
    jwtSecret: secrets.jwtSecret,
    person: (name) => signUp(url, push, name),
    ask: (request) => ask(url, null, request),
    async close() {
      await program.stop()
      await push.close()
      await expo.close()
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Somebody new, signed in at that address. */
export async function signUp(url: string, push: PushService, name: string): Promise<TestPerson> {
  const displayName = name.charAt(0).toUpperCase() + name.slice(1)
  const answer = await ask(url, null, {
    method: 'POST',
    path: '/api/auth/register',
    body: { username: name, password: testPassword, displayName },
  })
  if (answer.status !== 201) throw new Error(`${name} could not sign up: ${answer.text}`)
  return asPerson(
    { url, push },
    String(at(answer.body, 'token')),
    String(at(answer.body, 'user', 'id')),
  )
}

/** Whoever holds the token. */
export function asPerson(
  server: Pick<TestServer, 'url' | 'push'>,
  token: string,
  id: string,
): TestPerson {
  const { url, push } = server
  const person: TestPerson = {
    id,
    token,
    ask: (method, path, body) => ask(url, token, { method, path, body }),
    askRaw: (method, path, raw) => ask(url, token, { method, path, raw }),
    async subscribe(options = {}) {
      const config = await person.ask('GET', '/api/push/config')
      const browser = push.subscribe({ vapidPublicKey: String(at(config.body, 'vapidPublicKey')) })
      const registered = await person.ask('POST', '/api/push-subscriptions', {
        ...browser.toJSON(),
        ...options,
      })
      if (registered.status >= 300) throw new Error(`not subscribed: ${registered.text}`)
      return { id: String(at(registered.body, 'id')), browser }
    },
  }
  return person
}
