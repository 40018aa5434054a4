import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { at, refusal, startTestServer, type TestServer } from '../support/test-server.ts'

const webDir = mkdtempSync(join(tmpdir(), 'belfry-web-'))
let server: TestServer

beforeAll(async () => {
  mkdirSync(join(webDir, 'assets'))
  mkdirSync(join(webDir, 'icons'))
  const files = {
    'index.html':
      '<!doctype html><title>Belfry</title><script type="module" src="/assets/a-1f.js"></script>',
    'sw.js': 'self.addEventListener("push", () => {})',
    'manifest.webmanifest': '{"id":"/","name":"Belfry"}',
    'assets/a-1f.js': 'export {}',
    'icons/call.png': 'png',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(webDir, name), text)
  server = await startTestServer({
    webDir,
    environment: { ALLOWED_ORIGINS: 'https://host.example, https://other.example/' },
  })
})
afterAll(async () => {
  await server.close()
  rmSync(webDir, { recursive: true })
})

const get = (path: string, headers: Record<string, string> = {}) =>
  server.ask({ method: 'GET', path, headers })

test('the app and its deep links are its one page, never from a cache', async () => {
  for (const path of [
    '/',
    '/chats/0199',
    '/calls/incoming?sessionId=S',
    '/settings/notification',
    '/settings/',
    '/people/a.b/x',
  ]) {
    const answer = await get(path)
    expect([path, answer.status]).toEqual([path, 200])
    expect(answer.text).toContain('<title>Belfry</title>')
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
    expect(answer.headers.get('cache-control')).toBe('no-cache')
  }
})

test('every page forbids inline scripts, sniffing, framing and telling where one came from', async () => {
  for (const path of ['/', '/chats/1', '/docs/', '/sw.js', '/api/me', '/nothing.png']) {
    const { headers } = await get(path)
    const policy = headers.get('content-security-policy') ?? ''
    const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? 'none'
    expect([path, scripts.includes("'self'"), scripts.includes('unsafe-inline')]).toEqual([
      path,
      true,
      false,
    ])
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  }
  const policy = (await get('/')).headers.get('content-security-policy')
  expect(policy).toContain("frame-ancestors 'none'")
})

test('the service worker is served uncached, the manifest has an id, hashed files are kept for ever', async () => {
  const worker = await get('/sw.js')
  expect([worker.status, worker.headers.get('cache-control')]).toEqual([200, 'no-cache'])
  expect(worker.headers.get('content-type')).toMatch(/javascript/)
  const manifest = await get('/manifest.webmanifest')
  expect(manifest.headers.get('content-type')).toMatch(/^application\/manifest\+json/)
  expect(JSON.parse(manifest.text)).toMatchObject({ id: '/' })
  expect((await get('/icons/call.png')).status).toBe(200)
  const asset = await get('/assets/a-1f.js')
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
})

test.each([
  '/api',
  '/api/',
  '/api/nothing',
  '/api/calls/1/2/3',
  '/assets/gone-1f.js',
  '/icons/gone.png',
  '/favicon.gone',
  '/_matrix/push/v1/notify',
  '/realtime',
])('%s is nothing: a problem with a code, and not the app’s page', async (path) => {
  const answer = await get(path)
  expect([path, answer.status]).toEqual([path, 404])
  expect(answer.text).not.toContain('<title>')
  expect(refusal(answer)).toEqual([404, 'NOT_FOUND'])
})

test('only GET opens a page of the app', async () => {
  for (const [method, path] of [
    ['POST', '/chats/1'],
    ['PUT', '/'],
    ['POST', '/api/nothing'],
  ] as const)
    expect(refusal(await server.ask({ method, path }))).toEqual([404, 'NOT_FOUND'])
})

test.each([
  '/../package.json',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/assets/..%2f..%2fkeys.json',
  '/assets/%00',
  '/.env',
])('no address leads out of the app’s folder: %s', async (path) => {
  const answer = await get(path)
  expect(answer.status === 200 ? answer.text : '').not.toMatch(/root:|jwtSecret|"name"/)
  expect(answer.status).toBeLessThan(500)
})

test('it is alive, it is ready, and it counts', async () => {
  expect((await get('/healthz')).body).toEqual({ status: 'ok' })
  expect((await get('/readyz')).body).toEqual({ status: 'ready' })
  const metrics = await get('/metrics')
  expect(metrics.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(metrics.text).toMatch(/^belfry_queue_depth\{queue="web-push\.chat"\} 0$/m)
})

test('the API describes itself in OpenAPI 3.1, errors included, on a page of its own', async () => {
  const { body } = await get('/openapi.json')
  expect(at(body, 'openapi')).toBe('3.1.0')
  const login = at(body, 'paths', '/api/auth/login', 'post')
  expect(at(login, 'requestBody', 'content', 'application/json', 'schema', 'required')).toEqual([
    'username',
    'password',
  ])
  const problem = at(login, 'responses', 'default', 'content', 'application/problem+json', 'schema')
  expect(at(problem, 'properties', 'code')).toEqual({ type: 'string' })
  const operations = Object.values(Object(at(body, 'paths'))).flatMap((path) =>
    Object.values(Object(path)),
  )
  const ids = operations.map((operation) => at(operation, 'operationId'))
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toEqual(
    expect.arrayContaining(['getPushConfig', 'postCallsBySessionIdAccept', 'getReadyz']),
  )
  for (const operation of operations) {
    const said = Object.values(Object(at(operation, 'responses'))).map((response) =>
      at(response, 'description'),
    )
    expect(said).not.toContain('Default Response')
    for (const words of said) expect(String(words)).toMatch(/\.$/)
  }
  const metrics = at(body, 'paths', '/metrics', 'get', 'responses', '200', 'content')
  expect(metrics).toEqual({ 'text/plain': { schema: { type: 'string' } } })
  const page = await get('/docs')
  expect([page.status, page.headers.get('content-type')]).toEqual([
    200,
    expect.stringMatching(/^text\/html/),
  ])
})

test('the type of a problem leads to what is said of its code', async () => {
  const { body } = await get('/api/me')
  const [path = '', anchor = ''] = String(at(body, 'type')).split('#')
  const page = await get(path)
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect(page.text).toContain(
    `<h3 id="${anchor}"><code>UNAUTHENTICATED</code></h3>\n<p>401. There is no token`,
  )
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
})

test('host apps of ALLOWED_ORIGINS may call the API from their pages, and nobody else', async () => {
  const preflight = (origin: string) =>
    server.ask({
      method: 'OPTIONS',
      path: '/api/push-subscriptions',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })
  for (const origin of ['https://host.example', 'https://other.example']) {
    const { status, headers } = await preflight(origin)
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, origin])
    expect(headers.get('access-control-allow-headers')).toBe('authorization, content-type')
    expect(headers.get('access-control-allow-methods')).toContain('DELETE')
    const { headers: own } = await get('/api/push/config', { origin })
    expect(own.get('access-control-allow-origin')).toBe(origin)
    expect(own.get('access-control-allow-credentials')).toBeNull()
    expect(own.get('vary')).toMatch(/origin/i)
  }
  for (const origin of [
    'null',
    'https://evil.example',
    'https://host.example.evil.example',
    'http://host.example',
    'https://host.example:8443',
  ]) {
    for (const answer of [await preflight(origin), await get('/api/push/config', { origin })])
      expect([origin, answer.headers.get('access-control-allow-origin')]).toEqual([origin, null])
  }
})

test('without a built app every address outside the API is 404', async () => {
  const bare = await startTestServer()
  try {
    for (const path of ['/', '/chats/1', '/sw.js'])
      expect(refusal(await bare.ask({ method: 'GET', path }))).toEqual([404, 'NOT_FOUND'])
  } finally {
    await bare.close()
  }
})
