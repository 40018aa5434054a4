import { afterAll, beforeAll, expect, test } from 'vitest'
import { apiRoutes, requestOf, type RouteScene } from '../support/api-routes.ts'
import { routeScene } from '../support/route-scene.ts'
import {
  at,
  refusal,
  startTestServer,
  type TestPerson,
  type TestServer,
} from '../support/test-server.ts'

let server: TestServer
let scene: RouteScene
let stranger: TestPerson
let leaver: TestPerson
/** `METHOD /path` → the operation, from the server's own document. */
let documented: Map<string, unknown>

beforeAll(async () => {
  server = await startTestServer()
  scene = await routeScene(server)
  stranger = await server.person('stranger')
  leaver = await server.person('leaver')
  await leaver.ask('POST', '/api/auth/logout')
  const { body } = await server.ask({ method: 'GET', path: '/openapi.json' })
  documented = new Map(
    Object.entries(Object(at(body, 'paths'))).flatMap(([path, operations]) =>
      Object.entries(Object(operations)).map(([method, operation]): [string, unknown] => [
        `${method.toUpperCase()} ${path}`,
        operation,
      ]),
    ),
  )
})
afterAll(() => server.close())

test('every route has a row here, and every row a route', () => {
  expect(new Set(documented.keys())).toEqual(new Set(Object.keys(apiRoutes)))
})

test.each(Object.entries(apiRoutes))('%s says in its document who may call it', (name, row) => {
  const security = at(documented.get(name), 'security')
  const expected = { public: [], token: undefined, capability: [{ bearer: [] }, {}] }[row.access]
  expect(security).toEqual(expected)
})

test.each(Object.entries(apiRoutes).filter(([, row]) => row.access !== 'public'))(
  '%s: without a token, or with one that has ended, 401, whatever the body',
  async (name, row) => {
    const request = requestOf(name, scene)
    const body = row.body?.(scene)
    const raws = row.body === undefined ? [undefined] : [undefined, JSON.stringify(body), '{', '[]']
    for (const raw of raws) {
      const question = raw === undefined ? request : { ...request, raw }
      expect([raw, ...refusal(await server.ask(question))]).toEqual([raw, 401, 'UNAUTHENTICATED'])
      const headers = { authorization: `Bearer ${leaver.token}` }
      expect(refusal(await server.ask({ ...question, headers }))).toEqual([401, 'UNAUTHENTICATED'])
    }
  },
)

test.each(Object.entries(apiRoutes))(
  '%s: a stranger is answered as the row says',
  async (name, row) => {
    // Signing out ends the token: somebody else does that.
    const who = name === 'POST /api/auth/logout' ? await server.person('passer-by') : stranger
    const { method, path } = requestOf(name, scene)
    const answer = await who.ask(method, path, row.body?.(scene))
    expect(answer.status).toBe(row.stranger)
    if (answer.status === 404) {
      const gone = await stranger.ask(
        method,
        path.replace(/[0-9a-f-]{36}/, 'none'),
        row.body?.(scene),
      )
      expect(gone.body).toEqual(answer.body)
    }
  },
)

test.each(
  Object.entries(apiRoutes).filter(([name, row]) => row.stranger === 404 && name.includes('{')),
)('%s: 404 comes before any complaint about the body', async (name) => {
  const { method, path } = requestOf(name, scene)
  if (method === 'GET') return
  for (const raw of ['{', '[]', '"text"', '{"deviceId":7,"text":7,"deviceName":7}'])
    expect((await stranger.askRaw(method, path, raw)).status).toBe(404)
})

test('every answer that is an error has a code, and names the page that explains it', async () => {
  const answer = await stranger.ask('GET', `/api/calls/${scene.sessionId}`)
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  expect(answer.body).toEqual({
    type: '/docs/errors#call_not_found',
    title: 'There is no such call.',
    status: 404,
    code: 'CALL_NOT_FOUND',
  })
})
