import { expect, test } from 'vitest'
import { fakeClock, openService, post, ticketIds } from './sender.ts'

const unknownToken = 'ExponentPushToken[nobody]'
const hourMs = 3_600_000

test('a receipt that is not ready is missing, then there for a day, then forgotten', async () => {
  const clock = fakeClock()
  const service = await openService({ now: clock.now, receiptDelayMs: 15 * 60_000 })
  const bob = service.install()
  const ids = ticketIds(await post(service, 'send', { to: bob }))
  const [id = ''] = ids
  const ask = async () => (await post(service, 'getReceipts', { ids })).json
  clock.pass(15 * 60_000 - 1)
  expect(await ask()).toEqual({ data: {} })
  clock.pass(1)
  expect(await ask()).toEqual({ data: { [id]: { status: 'ok' } } })
  clock.pass(24 * hourMs - 15 * 60_000 - 1)
  expect(await ask()).toEqual({ data: { [id]: { status: 'ok' } } })
  clock.pass(1)
  expect(await ask()).toEqual({ data: {} })
})

test('an unknown id is missing, and does not keep the others from being told', async () => {
  const service = await openService()
  const bob = service.install()
  const [id = ''] = ticketIds(await post(service, 'send', { to: bob }))
  const answer = await post(service, 'getReceipts', { ids: ['no-such-id', id] })
  expect(answer.json).toEqual({ data: { [id]: { status: 'ok' } } })
  expect(service.events.ofType('receipts')).toMatchObject([
    { asked: ['no-such-id', id], ready: [id] },
  ])
})

test('1000 ids go, 1001 are refused', async () => {
  const service = await openService()
  const ids = Array.from({ length: 1000 }, (_, index) => `id-${index}`)
  expect((await post(service, 'getReceipts', { ids })).status).toBe(200)
  expect(await post(service, 'getReceipts', { ids: [...ids, 'more'] })).toMatchObject({
    status: 400,
    json: { errors: [{ code: 'PUSH_TOO_MANY_RECEIPTS' }] },
  })
})

test.each([{}, [], { ids: 'x' }, { ids: [1] }, null])('%j is no question', async (json) => {
  const service = await openService()
  expect(await post(service, 'getReceipts', json)).toMatchObject({
    status: 400,
    json: { errors: [{ code: 'VALIDATION_ERROR' }] },
  })
})

test('a payload of 4096 bytes goes, one more is accepted and told too big in the receipt', async () => {
  const service = await openService()
  const bob = service.install({ platform: 'ios' })
  const send = async (length: number) => {
    const message = { to: bob, title: 'x', data: { text: 'y'.repeat(length) } }
    return ticketIds(await post(service, 'send', message))
  }
  await send(0)
  const empty = Number(service.pushes[0]?.payloadBytes)
  const [fits = ''] = await send(4096 - empty)
  const [tooBig = ''] = await send(4097 - empty)
  const receipts = await post(service, 'getReceipts', { ids: [fits, tooBig] })
  expect(receipts.json).toMatchObject({
    data: {
      [fits]: { status: 'ok' },
      [tooBig]: { status: 'error', details: { error: 'MessageTooBig' } },
    },
  })
  expect(service.phone(bob).received.map(({ ticketId }) => ticketId)).not.toContain(tooBig)
})

test('what travels beside the payload does not count into it, and letters count as bytes', async () => {
  const service = await openService()
  const bob = service.install()
  await post(service, 'send', { to: bob, body: 'e' })
  await post(service, 'send', { to: bob, body: 'e', ttl: 30, priority: 'high', collapseId: 'c' })
  await post(service, 'send', { to: bob, body: 'é' })
  const [plain = 0, beside = 0, accented = 0] = service.pushes.map((push) => push.payloadBytes)
  expect(beside).toBe(plain)
  expect(accented).toBe(plain + 1)
})

test('more than 240 notifications a minute to one phone are told in receipts', async () => {
  const clock = fakeClock()
  const service = await openService({ now: clock.now })
  const bob = service.install()
  const carol = service.install()
  const batch = (count: number) => ({ to: Array.from({ length: count }, () => bob) })
  await post(service, 'send', batch(100))
  await post(service, 'send', batch(100))
  const ids = ticketIds(await post(service, 'send', batch(41)))
  await post(service, 'send', { to: carol })
  const receipts = service.pushes.map(({ receipt }) => receipt)
  expect(receipts.slice(0, 240).every((receipt) => receipt === 'ok')).toBe(true)
  expect(receipts.slice(240)).toEqual(['MessageRateExceeded', 'ok'])
  const last = ids.at(-1) ?? ''
  expect((await post(service, 'getReceipts', { ids: [last] })).json).toMatchObject({
    data: { [last]: { status: 'error', details: { error: 'MessageRateExceeded' } } },
  })
  expect(service.phone(bob).received).toHaveLength(240)
  clock.pass(60_000)
  await post(service, 'send', batch(1))
  expect(service.pushes.at(-1)?.receipt).toBe('ok')
})

test('DeviceNotRegistered is told in the receipt when the service is told to', async () => {
  const service = await openService({ deviceNotRegisteredIn: 'receipt' })
  const bob = service.install()
  service.uninstall(bob)
  const ids = ticketIds(await post(service, 'send', { to: [unknownToken, bob] }))
  const [unknown = '', gone = ''] = ids
  const told = (token: string) => ({
    status: 'error',
    message: `"${token}" is not a registered push notification recipient`,
    details: { error: 'DeviceNotRegistered', expoPushToken: token },
  })
  expect((await post(service, 'getReceipts', { ids })).json).toEqual({
    data: { [unknown]: told(unknownToken), [gone]: told(bob) },
  })
  expect(service.phone(bob).received).toEqual([])
})

test('one app taken off may be told elsewhere than the others', async () => {
  const service = await openService()
  const bob = service.install()
  service.uninstall(bob, { deviceNotRegisteredIn: 'receipt' })
  await post(service, 'send', { to: bob })
  expect(service.pushes).toMatchObject([{ token: bob, receipt: 'DeviceNotRegistered' }])
})
