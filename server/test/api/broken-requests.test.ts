import { connect } from 'node:net'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  at,
  refusal,
  startTestServer,
  type TestPerson,
  type TestServer,
} from '../support/test-server.ts'

const webDir = mkdtempSync(join(tmpdir(), 'belfry-web-'))
let server: TestServer
let ana: TestPerson

beforeAll(async () => {
  writeFileSync(join(webDir, 'index.html'), '<!doctype html><title>Belfry</title>')
  server = await startTestServer({ webDir })
  ana = await server.person('ana')
})
afterAll(async () => {
  await server.close()
  rmSync(webDir, { recursive: true })
})

/** Sends the bytes as they are, and resolves with all that comes until the server hangs up. */
function sendRaw(bytes: string | Buffer): Promise<{ head: string; body: unknown }> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(Buffer.from(chunk)))
    socket.on('error', reject)
    socket.on('close', () => {
      const [head = '', text = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n')
      resolve({ head, body: text === '' ? null : JSON.parse(text) })
    })
  })
}

test.each<[string, string, [number, string]]>([
  ['a request line that is none', 'hello\r\n\r\n', [400, 'MALFORMED_REQUEST']],
  [
    'a length that is no number',
    'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n',
    [400, 'MALFORMED_REQUEST'],
  ],
  [
    'two lengths',
    'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    [400, 'MALFORMED_REQUEST'],
  ],
  [
    'an address of 20 kB',
    `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    [431, 'HEAD_TOO_LARGE'],
  ],
])('%s is answered as any error, and the connection ends', async (_name, bytes, [status, code]) => {
  const { head, body } = await sendRaw(bytes)
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(head).toContain('content-type: application/problem+json; charset=utf-8')
  expect(body).toMatchObject({ status, code, type: `/docs/errors#${code.toLowerCase()}` })
})

test('a body that is not UTF-8 is refused, and not stored with other letters in it', async () => {
  const patch = (name: Buffer) => {
    const body = Buffer.concat([Buffer.from('{"displayName":"'), name, Buffer.from('"}')])
    const head = [
      'PATCH /api/me HTTP/1.1',
      'Host: x',
      `Authorization: Bearer ${ana.token}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      'Connection: close',
    ].join('\r\n')
    return sendRaw(Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]))
  }
  for (const bytes of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80]])
    expect((await patch(Buffer.from(bytes))).body).toMatchObject({
      code: 'INVALID_JSON',
      detail: 'The body is not UTF-8.',
    })
  expect(at((await ana.ask('GET', '/api/me')).body, 'displayName')).toBe('Ana')
  expect((await patch(Buffer.from('Aña'))).body).toMatchObject({ displayName: 'Aña' })
})

test.each([
  ['DELETE', '/api/me', 'GET, HEAD, PATCH'],
  ['GET', '/api/auth/login', 'POST'],
  ['PUT', '/api/calls/some-call/accept', 'POST'],
  ['POST', '/healthz', 'GET, HEAD'],
  // What a preflight needs is missing.
  ['OPTIONS', '/api/me', 'GET, HEAD, PATCH'],
])('%s %s is 405 and says what the address takes', async (method, path, allow) => {
  const answer = await server.ask({ method, path })
  expect(refusal(answer)).toEqual([405, 'METHOD_NOT_ALLOWED'])
  expect(answer.headers.get('allow')).toBe(allow)
})

test('OPTIONS of an address that is not there is 404, also with the origin of a page', async () => {
  const ofAPage: Record<string, string> = { origin: 'https://page.example' }
  for (const headers of [{}, ofAPage])
    expect(refusal(await server.ask({ method: 'OPTIONS', path: '/api/nothing', headers }))).toEqual(
      [404, 'NOT_FOUND'],
    )
})

test.each([`/api/calls/${'a'.repeat(5000)}`, '/%00', '//api/me', '/api/conversations/%00'])(
  'the address %s is not there, in words of ours',
  async (path) => {
    const answer = await ana.ask('GET', path)
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(answer.text).not.toContain('Forbidden')
  },
)
