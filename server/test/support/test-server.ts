import { startPushService, type PushService, type Recipient } from '@belfry/push-service'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { readSecrets } from '../../src/config/secrets.ts'
import { noFailpoint } from '../../src/observability/failpoint.ts'
import { createLog } from '../../src/observability/log.ts'

/** The whole program in this process, with a push service of its own. */
export interface TestServer {
  readonly url: string
  readonly push: PushService
  /** Signs somebody up; the display name is the name with a capital. */
  person(name: string): Promise<TestPerson>
  close(): Promise<void>
}

export interface TestPerson {
  readonly id: string
  readonly token: string
  /** Any call of the API as this person. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>
  /** Subscribes a browser of theirs. */
  subscribe(options?: {
    deviceId?: string
    deviceName?: string
  }): Promise<{ id: string; browser: Recipient }>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Parsed JSON; null for an empty body. Read it with `at`. */
  readonly body: unknown
}

export interface TestServerOptions {
  readonly environment?: Readonly<Record<string, string>>
  readonly dataDir?: string
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const push = await startPushService()
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'belfry-'))
  const port = await freePort()
  const config = readConfig(
    {
      DATA_DIR: dataDir,
      PORT: String(port),
      LOG_LEVEL: 'silent',
      PUSH_ALLOWED_HOSTS: push.endpointHost,
      ...options.environment,
    },
    () => '',
  )
  const publicUrl = `http://localhost:${port}`
  const url = `http://127.0.0.1:${port}`
  const secrets = readSecrets(config, publicUrl)
  const log = createLog({ level: config.LOG_LEVEL, format: 'json' })
  const program = await compose({
    config,
    secrets,
    port,
    publicUrl,
    webDir: null,
    log,
    failpoint: noFailpoint,
  })
  return {
    url,
    push,
    person: (name) => signUp(url, push, name),
    async close() {
      await program.stop()
      await push.close()
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function signUp(url: string, push: PushService, name: string): Promise<TestPerson> {
  const displayName = name.charAt(0).toUpperCase() + name.slice(1)
  const answer = await ask(url, null, {
    method: 'POST',
    path: '/api/auth/register',
    body: { username: name, password: 'correct horse', displayName },
  })
  const token = String(at(answer.body, 'token'))
  const person: TestPerson = {
    id: String(at(answer.body, 'user', 'id')),
    token,
    ask: (method, path, body) => ask(url, token, { method, path, body }),
    async subscribe(options = {}) {
      const config = await person.ask('GET', '/api/push/config')
      const browser = push.subscribe({ vapidPublicKey: String(at(config.body, 'vapidPublicKey')) })
      const registered = await person.ask('POST', '/api/push-subscriptions', {
        ...browser.toJSON(),
        ...options,
      })
      return { id: String(at(registered.body, 'id')), browser }
    },
  }
  return person
}

/** One request; with a token when there is one. */
export async function ask(
  url: string,
  token: string | null,
  request: {
    method: string
    path: string
    body?: unknown
    raw?: string
    headers?: Record<string, string>
  },
): Promise<Answer> {
  const hasBody = request.body !== undefined || request.raw !== undefined
  const response = await fetch(`${url}${request.path}`, {
    method: request.method,
    headers: {
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...request.headers,
    },
    ...(hasBody ? { body: request.raw ?? JSON.stringify(request.body) } : {}),
  })
  const text = await response.text()
  const json = response.headers.get('content-type')?.includes('json') === true
  const body: unknown = json && text !== '' ? JSON.parse(text) : null
  return { status: response.status, headers: response.headers, body }
}

/** `at(body, 'user', 'id')`: the value at a path of unknown JSON; undefined when the path does not exist. */
export function at(value: unknown, ...path: ReadonlyArray<string | number>): unknown {
  return path.reduce<unknown>(
    (each, key) =>
      typeof each === 'object' && each !== null
        ? new Map(Object.entries(each)).get(String(key))
        : undefined,
    value,
  )
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
