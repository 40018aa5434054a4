import type { Outcome } from '@belfry/web-push'
import { expect, test } from 'vitest'
import { chatJob, deliveryLab, device, type DeliveryLab } from '../../test/delivery/delivery-lab.ts'
import type { BrowserDevice } from '../devices/device.ts'
import type { DeliveryJob } from './deliver.ts'
import type { PushContent } from './web-push-channel.ts'

/** As the fan-out reads it, right before. */
const to = (lab: DeliveryLab, job: DeliveryJob<BrowserDevice, PushContent>, retried = false) => ({
  job,
  device: lab.devices.get('row') ?? device(),
  readAtMs: lab.clock.nowMs,
  retried,
})
const serverError: Outcome = {
  kind: 'retry',
  reason: 'server_error',
  status: 503,
  ambiguous: false,
}
const timeout: Outcome = { kind: 'retry', reason: 'timeout', ambiguous: true }
const gone: Outcome = { kind: 'gone', status: 410, reason: 'unsubscribed' }
const apple = device({ endpoint: 'https://web.push.apple.com/QOpaque' })

test('what was accepted is on record with its location, and a duplicate of the event sends nothing', async () => {
  const lab = deliveryLab()
  lab.answers.push({ kind: 'accepted', status: 201, location: 'https://push/m/1' })
  expect(await lab.deliver(to(lab, chatJob(lab)))).toBe('accepted')
  expect(await lab.deliver(to(lab, chatJob(lab)))).toBe('not_accepted')
  expect(lab.sent).toHaveLength(1)
  expect(lab.ledger.rows.get('delivery')).toMatchObject({
    state: 'accepted',
    status: 201,
    location: 'https://push/m/1',
  })
  expect(lab.devices.get('row')?.lastAcceptedAtMs).toBe(lab.clock.nowMs)
})

test('ten duplicates at once make one attempt', async () => {
  const lab = deliveryLab()
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => lab.deliver(to(lab, chatJob(lab)))),
  )
  expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(1)
  expect(lab.sent).toHaveLength(1)
})

test('a failed attempt waits in the broker, addressed to the one person, and the row says when it comes', async () => {
  const lab = deliveryLab()
  lab.answers.push(serverError)
  await lab.deliver(to(lab, chatJob(lab)))
  expect(lab.retries).toMatchObject([
    {
      queue: 'web-push.chat',
      delayMs: 1000,
      delivery: {
        kind: 'delivery',
        deliveryId: 'delivery',
        attempt: 2,
        event: { recipientIds: ['bob'] },
      },
    },
  ])
  expect(lab.ledger.rows.get('delivery')).toMatchObject({
    state: 'retry',
    reason: 'server_error',
    status: 503,
    nextAttemptAtMs: lab.clock.nowMs + 1000,
  })
})

test('a retry that comes too early, because the clock was set back, is sent on and not lost', async () => {
  const lab = deliveryLab()
  lab.answers.push(serverError)
  await lab.deliver(to(lab, chatJob(lab)))
  lab.clock.nowMs -= 7_200_000
  await lab.deliver(to(lab, chatJob(lab), true))
  expect(lab.sent).toHaveLength(1)
  expect(lab.retries).toHaveLength(2)
})

test('a duplicate of the event while its retry waits adds no second retry', async () => {
  const lab = deliveryLab()
  lab.answers.push(serverError)
  await lab.deliver(to(lab, chatJob(lab)))
  await lab.deliver(to(lab, chatJob(lab)))
  expect(lab.retries).toHaveLength(1)
})

test('a delivery that another process is at comes back when its lease ends', async () => {
  const lab = deliveryLab()
  const job = chatJob(lab)
  await lab.ledger.claim(job.key, { nowMs: lab.clock.nowMs, leaseMs: 12_000 })
  await lab.deliver(to(lab, job))
  expect(lab.sent).toEqual([])
  expect(lab.retries).toMatchObject([{ delayMs: 12_000 }])
  lab.clock.nowMs += 12_000
  expect(await lab.deliver(to(lab, job, true))).toBe('accepted')
})

test('a delivery whose holder died is settled once the lease is over, also when it expired before that', async () => {
  const lab = deliveryLab()
  const job = chatJob(lab, { expiresAtMs: lab.clock.nowMs + 5000 })
  await lab.ledger.claim(job.key, { nowMs: lab.clock.nowMs, leaseMs: 7000 })
  await lab.deliver(to(lab, job))
  expect(lab.retries).toMatchObject([{ delayMs: 7000 }])
  lab.clock.nowMs += 7000
  await lab.deliver(to(lab, job, true))
  expect(lab.sent).toEqual([])
  expect(lab.ledger.rows.get('delivery')).toMatchObject({ state: 'expired' })
})

test('what expired meanwhile is not sent, and says so', async () => {
  const lab = deliveryLab()
  await lab.deliver(to(lab, chatJob(lab, { expiresAtMs: lab.clock.nowMs })))
  expect(lab.sent).toEqual([])
  expect(lab.ledger.rows.get('delivery')).toMatchObject({ state: 'expired' })
})

test('no attempt is made after the end: a retry that would come too late is recorded as expired', async () => {
  const lab = deliveryLab()
  lab.answers.push(serverError)
  await lab.deliver(to(lab, chatJob(lab, { expiresAtMs: lab.clock.nowMs + 1000 })))
  expect(lab.retries).toEqual([])
  expect(lab.ledger.rows.get('delivery')).toMatchObject({
    state: 'expired',
    reason: 'server_error',
  })
})

test('an attempt never takes longer than the message is worth', async () => {
  const lab = deliveryLab()
  await lab.deliver(to(lab, chatJob(lab, { expiresAtMs: lab.clock.nowMs + 700 })))
  expect(lab.sent[0]?.deadlineMs).toBe(700)
})

test('a device that was removed, or moved to somebody else, is not sent to', async () => {
  const lab = deliveryLab()
  const job = chatJob(lab)
  lab.devices.set('row', device({ ownerId: 'carla' }))
  await lab.deliver(to(lab, job))
  expect(lab.sent).toEqual([])
  expect(lab.ledger.rows.get('delivery')).toMatchObject({
    state: 'suppressed',
    reason: 'device_removed',
  })
})

test('a 410 forgets the device', async () => {
  const lab = deliveryLab()
  lab.answers.push(gone)
  await lab.deliver(to(lab, chatJob(lab)))
  expect(lab.devices.size).toBe(0)
  expect(lab.ledger.rows.get('delivery')).toMatchObject({ state: 'gone', reason: 'unsubscribed' })
  expect(lab.told).toEqual(['devices.updated {"subscriptionId":"row","change":"removed"}'])
})

test('a 410 for the endpoint that was just renewed forgets nothing, and the new endpoint gets its attempt', async () => {
  const lab = deliveryLab()
  lab.answers.push(gone)
  lab.whileSending = async () => {
    lab.devices.set('row', device({ endpoint: 'https://new/endpoint', endpointHash: 'new' }))
  }
  await lab.deliver(to(lab, chatJob(lab)))
  expect(lab.devices.get('row')?.endpointHash).toBe('new')
  expect(lab.ledger.rows.get('delivery')).toMatchObject({ state: 'retry', reason: 'renewed' })
  expect(lab.retries).toHaveLength(1)
})

test('a refusal that is not the fault of the device keeps it, and tells its owner', async () => {
  const lab = deliveryLab()
  lab.answers.push({ kind: 'rejected', reason: 'unauthorized', status: 401, hint: 'look' })
  await lab.deliver(to(lab, chatJob(lab)))
  expect(lab.devices.get('row')?.lastError).toMatch(/operator/)
  expect(lab.ledger.rows.get('delivery')).toMatchObject({ state: 'rejected', status: 401 })
  expect(lab.told).toHaveLength(1)
})

test('too large: once more with 700 bytes, and never a third time', async () => {
  const lab = deliveryLab()
  const tooLarge: Outcome = { kind: 'rejected', reason: 'payload_too_large', status: 413, hint: '' }
  lab.answers.push(tooLarge, tooLarge)
  await lab.deliver(to(lab, chatJob(lab)))
  expect(lab.sent.map((each) => each.payload)).toEqual(['at most 2800', 'at most 700'])
  expect(lab.ledger.rows.get('delivery')).toMatchObject({ state: 'rejected' })
})

test('Retry-After binds the endpoint, for everything else that is meant for it', async () => {
  const lab = deliveryLab()
  lab.answers.push({
    ...serverError,
    kind: 'retry',
    reason: 'rate_limited',
    ambiguous: false,
    status: 429,
    retryAfterMs: 60_000,
  })
  await lab.deliver(to(lab, chatJob(lab)))
  const other = chatJob(lab)
  await lab.deliver(to(lab, { ...other, key: { ...other.key, id: 'another' } }))
  expect(lab.sent).toHaveLength(1)
  expect(lab.ledger.rows.get('another')).toMatchObject({
    state: 'retry',
    reason: 'endpoint_asked_to_wait',
  })
  expect(lab.retries.map((each) => Math.round(each.delayMs / 1000))).toEqual([60, 60])
})

test('a wait of a day is carried in pieces of ten minutes', async () => {
  const lab = deliveryLab()
  lab.devices.set('row', device({ notBeforeMs: lab.clock.nowMs + 20 * 3_600_000 }))
  await lab.deliver(to(lab, chatJob(lab)))
  expect(lab.retries).toMatchObject([{ delayMs: 600_000 }])
})

test('Apple: no second attempt once the body was written, because Apple shows both', async () => {
  const lab = deliveryLab()
  lab.devices.set('row', apple)
  lab.answers.push(timeout)
  await lab.deliver(to(lab, chatJob(lab)))
  expect(lab.retries).toEqual([])
  expect(lab.ledger.rows.get('delivery')).toMatchObject({
    state: 'expired',
    reason: 'ambiguous_on_apple',
  })
})

test('Apple: what surely was not taken is tried again', async () => {
  const lab = deliveryLab()
  lab.devices.set('row', apple)
  lab.answers.push({ ...timeout, kind: 'retry', reason: 'connect_failed', ambiguous: false })
  await lab.deliver(to(lab, chatJob(lab)))
  expect(lab.retries).toHaveLength(1)
})

test('elsewhere a timeout is tried again: the device absorbs the double', async () => {
  const lab = deliveryLab()
  lab.answers.push(timeout)
  await lab.deliver(to(lab, chatJob(lab)))
  expect(lab.retries).toHaveLength(1)
})

test('"not yet" of the last check waits, and is asked again', async () => {
  const lab = deliveryLab()
  let underWay = true
  const job = chatJob(lab, {
    lastCheck: async () =>
      underWay ? { kind: 'wait', forMs: 500, reason: 'ring_under_way' } : { kind: 'send' },
  })
  await lab.deliver(to(lab, job))
  expect(lab.retries).toMatchObject([{ delayMs: 500 }])
  underWay = false
  lab.clock.nowMs += 500
  expect(await lab.deliver(to(lab, job, true))).toBe('accepted')
})

test('an open settings page is told of the first push that is accepted, and not of every one after it', async () => {
  const lab = deliveryLab()
  const job = chatJob(lab)
  for (const id of ['one', 'two', 'three'])
    await lab.deliver(to(lab, { ...job, key: { ...job.key, id } }))
  expect(lab.told).toEqual(['devices.updated {"subscriptionId":"row","change":"accepted"}'])
})

test('what waited behind another request looks again: the device may be gone by then', async () => {
  const lab = deliveryLab()
  const first = chatJob(lab)
  const second = { ...first, key: { ...first.key, id: 'second' } }
  lab.answers.push(gone)
  await Promise.all([lab.deliver(to(lab, first)), lab.deliver(to(lab, second))])
  expect(lab.sent).toHaveLength(1)
  expect(lab.ledger.rows.get('second')).toMatchObject({ reason: 'device_removed' })
})
