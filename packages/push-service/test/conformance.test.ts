import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPushService, type PushService } from '../src/index.ts'
import { now, nowSeconds, ours, rows, theirs, type Row } from './measured-answers.ts'
import { sendRaw, type RawResponse } from './sender.ts'

let service: PushService
let targets: Record<NonNullable<Row['to']>, string>

beforeAll(async () => {
  service = await startPushService({ clock: () => now })
  const subscribe = () => service.subscribe({ vapidPublicKey: ours.publicKey }).endpoint
  const live = subscribe()
  const expired = subscribe()
  service.expire(expired)
  targets = {
    live,
    gone: expired,
    open: service.subscribe().endpoint,
    spoilt: `${live.slice(0, -4)}AAAA`,
    'wrong-version': live.replace('/v2/', '/v3/'),
    nowhere: `${service.endpointOrigin}/elsewhere`,
  }
})

afterAll(() => service.close())

function requestOf(row: Row): Promise<RawResponse> {
  const sender = row.sender === 'theirs' ? theirs : ours
  const origin = service.endpointOrigin
  const claims = { aud: origin, exp: nowSeconds + 3600, sub: 'mailto:a@example.com', ...row.claims }
  const { aud } = claims
  if (typeof aud === 'string') {
    claims.aud = aud === 'HTTP' ? origin.toUpperCase() : aud.replace('ORIGIN', origin)
  }
  const token = sender.token(claims)
  const authorize =
    row.authorize ?? ((t: string, k: string) => ({ authorization: `vapid t=${t}, k=${k}` }))
  const headers = {
    ttl: '60',
    'content-encoding': 'aes128gcm',
    ...authorize(token, sender.publicKey),
    ...row.headers,
  }
  const { method = 'POST', body = 'ciphertext' } = row
  return sendRaw(targets[row.to ?? 'live'], {
    method,
    headers: Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
    ),
    body: typeof body === 'number' ? Buffer.alloc(body, 7) : Buffer.from(body),
  })
}

test.each(rows)('$when answers $status', async (row) => {
  const answer = await requestOf(row)
  expect(answer.status).toBe(row.status)
  expect(answer.headers).toMatchObject(row.answerHeaders ?? {})
  if (row.errno === undefined) {
    expect(answer.body).toBe('')
  } else {
    expect(JSON.parse(answer.body)).toEqual({
      code: row.status,
      errno: row.errno,
      error: expect.stringMatching(/./),
      message: row.message ?? expect.stringMatching(/./),
      more_info: expect.stringMatching(/^http/),
    })
  }
  if (row.status === 201) {
    expect(answer.headers.location).toMatch(new RegExp(`^${service.endpointOrigin}/m/[\\w-]+$`))
  }
})

test('deleting a Location answers 204: stored, again, delivered, channel gone, never heard of', async () => {
  const sender = service.subscribe()
  sender.goOffline()
  const post = () => sendRaw(sender.endpoint, { headers: { ttl: '60' } })
  const stored = String((await post()).headers.location)
  const withdraw = async (url: string) => (await sendRaw(url, { method: 'DELETE' })).status

  expect(await withdraw(stored)).toBe(204)
  expect(await withdraw(stored)).toBe(204)
  sender.goOnline()
  expect(sender.received).toEqual([])
  const delivered = String((await post()).headers.location)
  expect(sender.received).toHaveLength(1)
  expect(await withdraw(delivered)).toBe(204)
  sender.unsubscribe()
  expect(await withdraw(delivered)).toBe(204)
  expect(await withdraw(`${service.endpointOrigin}/m/never`)).toBe(204)
  expect((await sendRaw(delivered, { method: 'GET' })).headers.allow).toBe('DELETE')
})
