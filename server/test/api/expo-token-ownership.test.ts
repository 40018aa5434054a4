import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTab } from '../support/tab.ts'
import {
  at,
  listAt,
  refusal,
  startTestServer,
  type TestPerson,
  type TestServer,
} from '../support/test-server.ts'

const path = '/api/push-subscriptions/expo'
let server: TestServer
let eve: TestPerson
let tokens = 0
const newToken = () => `ExponentPushToken[token-${(tokens += 1)}]`

beforeAll(async () => {
  server = await startTestServer()
  eve = await server.person('eve')
})
afterAll(() => server.close())

const register = (body: unknown, person: TestPerson) => person.ask('POST', path, body)
async function ids(person: TestPerson): Promise<unknown[]> {
  const answer = await person.ask('GET', '/api/push-subscriptions')
  return listAt(answer.body, 'subscriptions').map((device) => at(device, 'id'))
}

test('somebody who learnt a token cannot take it, whatever device id is guessed or left out', async () => {
  const bob = await server.person('learnt-from')
  const token = newToken()
  const { body } = await register({ token, deviceId: 'secret-of-the-install' }, bob)
  for (const deviceId of [undefined, null, 'guess', 'secret-of-the-installx']) {
    const answer = await register({ token, deviceId }, eve)
    expect(refusal(answer)).toEqual([409, 'TOKEN_TAKEN'])
    expect(answer.text).not.toContain(String(at(body, 'id')))
  }
  expect(await ids(bob)).toEqual([at(body, 'id')])
})

test('a token that was registered without a device id moves to nobody', async () => {
  const bob = await server.person('without-id')
  const token = newToken()
  await register({ token }, bob)
  expect(refusal(await register({ token, deviceId: 'any' }, eve))).toEqual([409, 'TOKEN_TAKEN'])
  expect(refusal(await register({ token }, eve))).toEqual([409, 'TOKEN_TAKEN'])
  expect(await ids(bob)).toHaveLength(1)
})

test('the same phone, signed in as somebody else, moves with its device id, and the first owner is told', async () => {
  const [bob, carl] = [await server.person('first-owner'), await server.person('next-owner')]
  const phone = { token: newToken(), deviceId: 'shared-phone' }
  const before = await register(phone, bob)
  const tab = await openTab(server.url, { token: bob.token })
  const told = tab.next('devices.updated')
  const moved = await register(phone, carl)
  expect(moved.status).toBe(201)
  expect(await told).toEqual({ subscriptionId: at(before.body, 'id'), change: 'removed' })
  tab.close()
  expect(at(moved.body, 'id')).not.toBe(at(before.body, 'id'))
  expect(await ids(bob)).toEqual([])
  expect(await ids(carl)).toEqual([at(moved.body, 'id')])
})

test('when two people race for one phone, it ends with exactly one of them', async () => {
  const [bob, carl] = [await server.person('racer-1'), await server.person('racer-2')]
  const phone = { token: newToken(), deviceId: 'raced-phone' }
  await Promise.all([bob, carl, bob, carl, bob].map((person) => register(phone, person)))
  expect([...(await ids(bob)), ...(await ids(carl))]).toHaveLength(1)
})

test('a phone is forgotten by its token or by its install; of another person and unknown are the same 404', async () => {
  const bob = await server.person('forgetful')
  const token = newToken()
  await register({ token, deviceId: 'install' }, bob)
  const unknown = await eve.ask('DELETE', path, { token: newToken() })
  for (const wanted of [{ token }, { deviceId: 'install' }])
    expect((await eve.ask('DELETE', path, wanted)).body).toEqual(unknown.body)
  expect(refusal(unknown)).toEqual([404, 'SUBSCRIPTION_NOT_FOUND'])
  expect(refusal(await bob.ask('DELETE', path, {}))).toEqual([400, 'INVALID_REQUEST'])
  expect(await ids(bob)).toHaveLength(1)

  expect((await bob.ask('DELETE', path, { token })).status).toBe(204)
  expect((await bob.ask('DELETE', path, { token })).status).toBe(404)
  await register({ token, deviceId: 'install' }, bob)
  expect((await bob.ask('DELETE', path, { deviceId: 'install' })).status).toBe(204)
  expect(await ids(bob)).toEqual([])
})
