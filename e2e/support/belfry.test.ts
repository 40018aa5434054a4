import { startPushService } from '@belfry/push-service'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { pushEnvironment, startBelfry, type Belfry, type BelfryOptions } from './belfry.ts'
import { closeAfterTest } from './close-after-test.ts'
import { startFakeGooglePush } from './fake-google-push.ts'
import { temporaryDirectory } from './temporary-directory.ts'
import { createTestCertificate } from './test-certificate.ts'

test('a server is ready when its health answers, and keeps its address and data over a crash', async () => {
  const server = await closeAfterTest(
    startBelfry(await standIn({ env: { GREETING: 'hello' }, exitCode: 0 })),
  )
  expect(await text(`${server.url}/starts`)).toBe('hello 1')

  expect(await server.kill()).toEqual({ code: null, signal: 'SIGKILL' })
  await server.restart()
  expect(await text(`${server.url}/starts`)).toBe('hello 2')
  await server.restart()
  expect(await text(`${server.url}/starts`)).toBe('hello 3')

  await server.stop()
  expect(server.log.entries.filter((line) => line === 'drained')).toHaveLength(2)
})

test('a server that exits with another code than 0 when told to stop fails the test', async () => {
  const server = await closeAfterTest(startBelfry(await standIn({ env: {}, exitCode: 3 })))
  await expect(server.stop()).rejects.toThrow('did not exit 0 after SIGTERM but with code 3')
})

test('a server that cannot start is reported with what it said', async () => {
  const options = await standIn({ env: { REFUSE: 'PORT must be a number' }, exitCode: 0 })
  await expect(startBelfry(options)).rejects.toThrow(
    'ended before it was ready, with code 2: PORT must be a number',
  )
})

test('the real server reaches both push services of the rig, also after it was killed', async () => {
  const certificate = await createTestCertificate()
  onTestFinished(certificate.remove)
  const google = await closeAfterTest(startFakeGooglePush(certificate))
  const push = await closeAfterTest(startPushService())
  const env = pushEnvironment({ google, pushServiceHost: push.endpointHost })
  const belfry = await closeAfterTest(startBelfry({ env }))
  const { vapidPublicKey } = await json(belfry, '/api/push/config', {})
  const credentials = { username: 'ana', password: 'correct horse battery' }
  const session = await json(belfry, '/api/auth/register', { body: credentials })
  const token = String(session['token'])
  const firefox = push.subscribe({ vapidPublicKey: String(vapidPublicKey) })
  const chromium = google.subscribe(String(vapidPublicKey))
  const { keys } = firefox.toJSON()
  for (const endpoint of [firefox.endpoint, chromium.endpoint]) {
    await json(belfry, '/api/push-subscriptions', { token, body: { endpoint, keys } })
  }

  await belfry.kill()
  await belfry.restart()
  const atFirefox = firefox.next()
  const atGoogle = google.waitForPush((received) => received.token === chromium.token)
  const { results } = await json(belfry, '/api/push-subscriptions/test', { token, body: {} })

  expect(results).toMatchObject([{ outcome: 'accepted' }, { outcome: 'accepted' }])
  expect((await atFirefox).json).toMatchObject({ web_push: 8030 })
  expect((await atGoogle).status).toBe(201)
  await belfry.stop()
})

interface ApiCall {
  readonly token?: string
  readonly body?: object
}

async function json(belfry: Belfry, path: string, call: ApiCall): Promise<Record<string, unknown>> {
  const headers = new Headers({ 'content-type': 'application/json' })
  if (call.token !== undefined) headers.set('authorization', `Bearer ${call.token}`)
  const response = await fetch(belfry.url + path, {
    method: call.body === undefined ? 'GET' : 'POST',
    headers,
    ...(call.body && { body: JSON.stringify(call.body) }),
  })
  const answer: unknown = await response.json()
  if (!response.ok || typeof answer !== 'object' || answer === null) {
    throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`)
  }
  return Object.fromEntries(Object.entries(answer))
}

interface StandIn {
  readonly env: Readonly<Record<string, string>>
  readonly exitCode: number
}

/** A program with the server's manners: listens, prints its address, drains on SIGTERM. */
async function standIn({ env, exitCode }: StandIn): Promise<BelfryOptions> {
  const directory = await temporaryDirectory('stand-in')
  onTestFinished(directory.remove)
  const program = join(directory.path, 'stand-in.mjs')
  await writeFile(
    program,
    `import { appendFileSync, readFileSync } from 'node:fs'
    import { createServer } from 'node:http'
    const { DATA_DIR, GREETING, HOST, PORT, REFUSE } = process.env
    if (REFUSE) { console.error(REFUSE); process.exit(2) }
    appendFileSync(DATA_DIR + '/starts', 'x')
    console.log('starting')
    const starts = () => GREETING + ' ' + readFileSync(DATA_DIR + '/starts', 'utf8').length
    createServer((request, response) => {
      response.end(request.url === '/starts' ? starts() : 'ok')
    }).listen(Number(PORT), HOST, () => console.log('http://localhost:' + PORT))
    process.on('SIGTERM', () => { console.log('drained'); process.exit(${exitCode}) })`,
  )
  return { env, program }
}

async function text(url: string): Promise<string> {
  return (await fetch(url)).text()
}
