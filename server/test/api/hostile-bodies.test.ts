import * as fc from 'fast-check'
import { SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { apiRoutes, requestOf, type RouteScene } from '../support/api-routes.ts'
import { routeScene } from '../support/route-scene.ts'
import {
  at,
  refusal,
  startTestServer,
  type Answer,
  type TestServer,
} from '../support/test-server.ts'

// Passwords are slow by design, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000 })

let server: TestServer
let scene: RouteScene
/** Of a foreign issuer: signing out does not end it. */
let token: string
const prototype = Object.getOwnPropertyNames(Object.prototype)

beforeAll(async () => {
  server = await startTestServer()
  scene = await routeScene(server)
  token = await new SignJWT({ sub: 'fuzzer', exp: Math.floor(Date.now() / 1000) + 3600 })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(server.jwtSecret))
})
afterAll(() => server.close())
afterEach(() => {
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(prototype)
})

const withBody = Object.entries(apiRoutes).filter(([, row]) => row.body !== undefined)

function send(name: string, raw: string, contentType = 'application/json'): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': contentType }
  return server.ask({ ...requestOf(name, scene), raw, headers })
}

/** Refused or taken, but never broken: no 5xx, and each refusal says its code. */
function expectWhole(answer: Answer): void {
  expect(answer.status).toBeLessThan(500)
  expect(answer.headers.get('set-cookie')).toBeNull()
  if (answer.status < 400) return
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  expect(at(answer.body, 'code')).toMatch(/^[A-Z0-9_]+$/)
}

const deep = 10_000
/** As they stand in JSON text. */
const hostile = [
  'null',
  'true',
  '-1',
  '1e400',
  '9007199254740993',
  '""',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"a\\r\\nSet-Cookie: x=1"',
  '"\u202E\u0363"',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"../../etc/passwd"',
  '"%00"',
  '{"$ne":null}',
  '{"$gt":""}',
  '{"$where":"sleep(1000)"}',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":1,"length":-1}',
  '[]',
  '[null]',
  '{}',
  `"${'a'.repeat(60_000)}"`,
  `"${'\u{1F600}'.repeat(10_000)}"`,
  `${'['.repeat(deep)}${']'.repeat(deep)}`,
  `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`,
  `[${Array.from({ length: 1000 }, (_, index) => `"${index}"`).join(',')}]`,
]

/** Every body that differs from the right one in one place. */
function mutations(right: unknown): string[] {
  const places = placesIn(right)
  return places.flatMap((place) =>
    hostile.map((raw) =>
      JSON.stringify(put(right, place, '@hostile@')).replace('"@hostile@"', () => raw),
    ),
  )
}

function placesIn(value: unknown, path: readonly string[] = []): Array<readonly string[]> {
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, each]) => placesIn(each, [...path, key]))
      : []
  return [path, ...inner]
}

function put(value: unknown, path: readonly string[], replacement: string): unknown {
  const [key, ...rest] = path
  if (key === undefined) return replacement
  if (Array.isArray(value))
    return value.map((each, index) => (String(index) === key ? put(each, rest, replacement) : each))
  return { ...Object(value), [key]: put(at(value, key), rest, replacement) }
}

test.each(withBody)('%s: one hostile value in a right body never breaks it', async (name, row) => {
  const arbitrary = fc.constantFrom(...mutations(row.body?.(scene)))
  await fc.assert(
    fc.asyncProperty(arbitrary, async (raw) => expectWhole(await send(name, raw))),
    { numRuns: 40 },
  )
})

test.each(withBody)('%s: any JSON, and any text, never breaks it', async (name) => {
  const arbitrary = fc.oneof(fc.json({ maxDepth: 5 }), fc.string({ unit: 'binary' }))
  await fc.assert(
    fc.asyncProperty(arbitrary, async (raw) => expectWhole(await send(name, raw))),
    { numRuns: 25 },
  )
})

test.each<[string, string, [number, string]]>([
  ['text that is not JSON', '{"displayName":', [400, 'INVALID_JSON']],
  ['NaN', '{"displayName":NaN}', [400, 'INVALID_JSON']],
  ['single quotes', "{'displayName':'x'}", [400, 'INVALID_JSON']],
  ['half a surrogate pair', '{"displayName":"\\ud83d"}', [400, 'INVALID_JSON']],
  ['half a surrogate pair in a key', '{"\\ud83d":1}', [400, 'INVALID_JSON']],
  ['__proto__', '{"__proto__":{"polluted":true}}', [400, 'INVALID_JSON']],
  ['constructor.prototype', '{"constructor":{"prototype":{"x":1}}}', [400, 'INVALID_JSON']],
  ['a list', '[]', [400, 'INVALID_REQUEST']],
  ['10,000 levels', `${'['.repeat(deep)}${']'.repeat(deep)}`, [400, 'INVALID_REQUEST']],
  ['more than 64 KiB', `{"displayName":"${'a'.repeat(65_536)}"}`, [413, 'BODY_TOO_LARGE']],
])('a body of %s is refused by its own code', async (_name, raw, expected) => {
  expect(refusal(await send('PATCH /api/me', raw))).toEqual(expected)
})

test('whole surrogate pairs, written as escapes, are letters like any other', async () => {
  const answer = await send('PATCH /api/me', '{"displayName":"\\ud83d\\ude00"}')
  expect([answer.status, at(answer.body, 'displayName')]).toEqual([200, '😀'])
})

test('of a key given twice the last counts, and a byte order mark is no harm', async () => {
  const twice = await send('PATCH /api/me', '{"displayName":"a","displayName":"b"}')
  expect([twice.status, at(twice.body, 'displayName')]).toEqual([200, 'b'])
  expectWhole(await send('PATCH /api/me', '\uFEFF{"displayName":"a"}'))
})

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'nonsense',
])(
  'a body of type %s is refused, so that no foreign page sends one unasked',
  async (contentType) => {
    const answer = await send('PATCH /api/me', '{"displayName":"a"}', contentType)
    expect(refusal(answer)).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE'])
  },
)

test.each([
  '/api/%',
  '/api/%zz',
  '/%c0%ae%c0%ae/',
  '/api/calls/%00',
  '/api/calls/%2e%2e%2f',
  `/api/calls/${'a'.repeat(5000)}`,
  '/api//me',
  '//evil.example/x',
  '/api/me?%=%',
  '/api/users?query=%ff%fe',
])('the address %s never breaks it', async (path) => {
  expectWhole(
    await server.ask({ method: 'GET', path, headers: { authorization: `Bearer ${token}` } }),
  )
})
