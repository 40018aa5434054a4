import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { browserKeys, newEndpoint, subscriptionAt } from '../support/browser-keys.ts'
import {
  ask,
  at,
  listAt,
  refusal,
  startTestServer,
  type TestPerson,
  type TestServer,
} from '../support/test-server.ts'
import { openTab } from '../support/tab.ts'

let server: TestServer
let ana: TestPerson
let eve: TestPerson
/** Ana's browser, registered anew for each test. */
let endpoint: string
let keys: ReturnType<typeof browserKeys>
let id: string
let renewToken: string

beforeAll(async () => {
  server = await startTestServer()
  ana = await server.person('ana')
  eve = await server.person('eve')
})
afterAll(() => server.close())
beforeEach(async () => {
  for (const person of [ana, eve]) {
    for (const device of await owned(person))
      await person.ask('DELETE', `/api/push-subscriptions/${device}`)
  }
  endpoint = newEndpoint()
  keys = browserKeys()
  const registered = await register(ana, subscriptionAt(endpoint, keys))
  id = String(at(registered.body, 'id'))
  renewToken = String(at(registered.body, 'renewToken'))
})

const register = (person: TestPerson, body: unknown) =>
  person.ask('POST', '/api/push-subscriptions', body)
async function owned(person: TestPerson): Promise<string[]> {
  const answer = await person.ask('GET', '/api/push-subscriptions')
  return listAt(answer.body, 'subscriptions').map((device) => String(at(device, 'id')))
}
/** A renewal as a service worker sends it: without a session, unless a person is given. */
const renew = (body: unknown, person: TestPerson | null = null) =>
  ask(server.url, person?.token ?? null, {
    method: 'POST',
    path: '/api/push-subscriptions/renew',
    body,
  })

test('somebody who knows the endpoint and not the keys cannot take it over', async () => {
  const answer = await register(eve, subscriptionAt(endpoint))
  expect(refusal(answer)).toEqual([409, 'ENDPOINT_TAKEN'])
  expect(answer.text).not.toContain(id)
  expect(await owned(ana)).toEqual([id])
  expect(await owned(eve)).toEqual([])
  const half = { ...browserKeys(), p256dh: keys.p256dh }
  expect(refusal(await register(eve, subscriptionAt(endpoint, half)))[0]).toBe(409)
})

test('the same browser, signed in as somebody else, moves with its very keys, and the first owner is told', async () => {
  const tab = await openTab(server.url, { token: ana.token })
  const told = tab.next('devices.updated')
  const moved = await register(eve, subscriptionAt(endpoint, keys))
  expect(moved.status).toBe(201)
  expect(await told).toEqual({ subscriptionId: id, change: 'removed' })
  tab.close()
  expect(await owned(ana)).toEqual([])
  expect(await owned(eve)).toEqual([at(moved.body, 'id')])
  expect(at(moved.body, 'id')).not.toBe(id)
  const late = await renew({
    oldEndpoint: endpoint,
    renewToken,
    subscription: subscriptionAt(newEndpoint()),
  })
  expect(refusal(late)).toEqual([403, 'RENEWAL_REFUSED'])
})

test('when two people race for one browser, it ends with exactly one of them', async () => {
  await Promise.all([
    register(ana, subscriptionAt(endpoint, keys)),
    register(eve, subscriptionAt(endpoint, keys)),
    register(ana, subscriptionAt(endpoint, keys)),
    register(eve, subscriptionAt(endpoint, keys)),
  ])
  expect([...(await owned(ana)), ...(await owned(eve))]).toHaveLength(1)
})

test('one’s own endpoint with other keys is replaced', async () => {
  const answer = await register(ana, subscriptionAt(endpoint))
  expect([answer.status, at(answer.body, 'id')]).toEqual([200, id])
})

test('a device is forgotten by id or endpoint; of another person and unknown are the same 404', async () => {
  const unknown = await eve.ask('DELETE', '/api/push-subscriptions', { endpoint: newEndpoint() })
  const foreign = await eve.ask('DELETE', '/api/push-subscriptions', { endpoint })
  const foreignId = await eve.ask('DELETE', `/api/push-subscriptions/${id}`)
  const unknownId = await eve.ask('DELETE', '/api/push-subscriptions/none')
  for (const answer of [foreign, foreignId, unknownId]) expect(answer.body).toEqual(unknown.body)
  expect(refusal(unknown)).toEqual([404, 'SUBSCRIPTION_NOT_FOUND'])
  expect(await owned(ana)).toEqual([id])

  expect((await ana.ask('DELETE', '/api/push-subscriptions', { endpoint })).status).toBe(204)
  expect((await ana.ask('DELETE', '/api/push-subscriptions', { endpoint })).status).toBe(404)
  const again = await register(ana, subscriptionAt(endpoint, keys))
  const path = `/api/push-subscriptions/${String(at(again.body, 'id'))}`
  expect((await ana.ask('DELETE', path)).status).toBe(204)
  expect((await ana.ask('DELETE', path)).status).toBe(404)
})

test('a service worker renews with its token alone; the row keeps its id and gives a new token', async () => {
  const subscription = subscriptionAt(newEndpoint())
  const answer = await renew({ oldEndpoint: endpoint, renewToken, subscription })
  expect(answer.status).toBe(200)
  expect(answer.body).toEqual({ id, renewToken: expect.any(String) })
  expect(at(answer.body, 'renewToken')).not.toBe(renewToken)
  expect(await owned(ana)).toEqual([id])
  const gone = await ana.ask('DELETE', '/api/push-subscriptions', { endpoint })
  expect(gone.status).toBe(404)
})

test('the same renewal repeated is answered 200 again; the token is spent for anything else', async () => {
  const renewal = { oldEndpoint: endpoint, renewToken, subscription: subscriptionAt(newEndpoint()) }
  const first = await renew(renewal)
  const repeated = await renew(renewal)
  expect([repeated.status, repeated.body]).toEqual([200, first.body])

  const elsewhere = subscriptionAt(newEndpoint())
  expect(refusal(await renew({ ...renewal, subscription: elsewhere }))).toEqual([
    403,
    'RENEWAL_REFUSED',
  ])
  const fromNew = {
    ...renewal,
    oldEndpoint: renewal.subscription.endpoint,
    subscription: elsewhere,
  }
  expect(refusal(await renew(fromNew))).toEqual([403, 'RENEWAL_REFUSED'])
  const otherKeys = subscriptionAt(renewal.subscription.endpoint)
  expect(refusal(await renew({ ...renewal, subscription: otherKeys }))).toEqual([
    403,
    'RENEWAL_REFUSED',
  ])

  const next = { ...fromNew, renewToken: at(first.body, 'renewToken') }
  expect((await renew(next)).status).toBe(200)
  expect(refusal(await renew(renewal))).toEqual([403, 'RENEWAL_REFUSED'])
})

test('the same renewal sent twice at once gives one answer', async () => {
  const renewal = { oldEndpoint: endpoint, renewToken, subscription: subscriptionAt(newEndpoint()) }
  const both = await Promise.all([renew(renewal), renew(renewal)])
  expect(both.map((answer) => answer.status)).toEqual([200, 200])
  expect(both[0].body).toEqual(both[1].body)
})

test('the owner renews with a session and no renew token', async () => {
  const answer = await renew(
    { oldEndpoint: endpoint, subscription: subscriptionAt(newEndpoint()) },
    ana,
  )
  expect([answer.status, at(answer.body, 'id')]).toEqual([200, id])
})

test.each<[string, (body: object) => Promise<unknown>, unknown]>([
  ['with nothing', (body) => renew(body).then(refusal), [401, 'UNAUTHENTICATED']],
  ['by another person', (body) => renew(body, eve).then(refusal), [404, 'SUBSCRIPTION_NOT_FOUND']],
  [
    'with a guessed token',
    (body) => renew({ ...body, renewToken: 'A'.repeat(32) }).then(refusal),
    [403, 'RENEWAL_REFUSED'],
  ],
  [
    'with an empty token',
    (body) => renew({ ...body, renewToken: '' }).then(refusal),
    [403, 'RENEWAL_REFUSED'],
  ],
])('nobody renews %s', async (_name, attempt, expected) => {
  expect(
    await attempt({ oldEndpoint: endpoint, subscription: subscriptionAt(newEndpoint()) }),
  ).toEqual(expected)
  expect((await register(ana, subscriptionAt(endpoint, keys))).status).toBe(200)
})

test('the token of one device renews no other', async () => {
  const other = newEndpoint()
  await register(eve, subscriptionAt(other))
  const answer = await renew({
    oldEndpoint: other,
    renewToken,
    subscription: subscriptionAt(newEndpoint()),
  })
  expect(refusal(answer)).toEqual([403, 'RENEWAL_REFUSED'])
})

test('a renewal never changes the owner, and never takes an endpoint that is somebody else’s', async () => {
  const theirs = subscriptionAt(newEndpoint())
  await register(eve, theirs)
  const stolen = await renew({ oldEndpoint: endpoint, renewToken, subscription: theirs })
  expect(stolen.status === 409 || stolen.status === 403).toBe(true)
  expect(await owned(eve)).toHaveLength(1)

  const byEve = { oldEndpoint: endpoint, renewToken, subscription: subscriptionAt(newEndpoint()) }
  expect((await renew(byEve, eve)).status).toBe(200)
  expect(await owned(ana)).toEqual([id])
  expect(await owned(eve)).toHaveLength(1)
})

test('a phone’s token is no endpoint: it is never renewed, by whomever', async () => {
  const oldEndpoint = 'ExponentPushToken[of-ana]'
  await ana.ask('POST', '/api/push-subscriptions/expo', { token: oldEndpoint })
  const renewal = { oldEndpoint, subscription: subscriptionAt(newEndpoint()) }
  expect(refusal(await renew(renewal, ana))).toEqual([404, 'SUBSCRIPTION_NOT_FOUND'])
  expect(refusal(await renew({ ...renewal, renewToken }))).toEqual([403, 'RENEWAL_REFUSED'])
  expect(await owned(ana)).toHaveLength(2)
})

test('without a session and without a token a broken body is 401, with a token it is 400', async () => {
  const raw = (body: string) =>
    server.ask({ method: 'POST', path: '/api/push-subscriptions/renew', raw: body })
  expect(refusal(await raw('{'))).toEqual([401, 'UNAUTHENTICATED'])
  expect(refusal(await raw('{}'))).toEqual([401, 'UNAUTHENTICATED'])
  expect(refusal(await raw('{"renewToken":"x"}'))).toEqual([400, 'INVALID_REQUEST'])
})
