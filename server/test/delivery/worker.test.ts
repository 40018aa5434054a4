import type { CallEnded, ChatMessage, IncomingCallPushMessage } from '@belfry/contracts'
import { startCall, step } from '@belfry/ring'
import { expect, test, vi } from 'vitest'
import { device } from './delivery-lab.ts'
import { workerLab, type WorkerLab } from './worker-lab.ts'

vi.setConfig({ testTimeout: 20_000 })

function message(recipientIds: string[], id = 'm1'): ChatMessage {
  return {
    type: 'ChatMessage',
    id,
    conversationId: 'c',
    senderId: 'ana',
    senderName: 'Ana',
    recipientIds,
    text: 'hello',
    sentAt: new Date().toISOString(),
  }
}

function call(calleeIds: string[]): IncomingCallPushMessage {
  return {
    type: 'IncomingCallPushMessage',
    sessionId: 's',
    callerId: 'ana',
    callerName: 'Ana',
    calleeIds,
    media: 'audio',
    startedAt: new Date().toISOString(),
    expiresAt: new Date(Date.now() + 30_000).toISOString(),
  }
}

function ended(change: Partial<CallEnded> = {}): CallEnded {
  return {
    type: 'CallEnded',
    sessionId: 's',
    reason: 'cancelled',
    userId: 'ana',
    endedAt: new Date().toISOString(),
    ...change,
  }
}

/** A browser of Bob's. */
async function browser(lab: WorkerLab, id: string, host = 'push.example') {
  const row = device({
    id,
    ownerId: 'bob',
    deviceId: id,
    endpoint: `https://${host}/${id}`,
    endpointHash: id,
  })
  expect(await lab.store.devices.insert(row)).toBe('inserted')
}

test('the same event ten times is one push a device', async () => {
  const lab = workerLab()
  for (const id of ['b1', 'b2', 'b3']) await browser(lab, id)
  await lab.publish(message(['bob']), 10)
  await lab.quiet()
  expect(lab.sent.map(({ device: to }) => to.id).sort()).toEqual(['b1', 'b2', 'b3'])
  expect(
    lab.lines.filter((line) => line === 'WebPush: Sent chat push for message m1'),
  ).toHaveLength(1)
})

test('the same ring ten times, while the push service takes its time, rings once', async () => {
  const lab = workerLab()
  await browser(lab, 'b1')
  const slow = Promise.withResolvers<null>()
  lab.answer = async () => {
    await slow.promise
    return { kind: 'accepted', status: 201 }
  }
  await lab.publish(call(['bob']), 10)
  await vi.waitFor(() => expect(lab.sent).toHaveLength(1))
  slow.resolve(null)
  await lab.quiet()
  expect(lab.sent).toHaveLength(1)
})

test('the lines that operators grep for are logged', async () => {
  const lab = workerLab()
  await browser(lab, 'b1')
  await lab.publish(message(['bob']))
  await lab.publish(call(['bob']))
  await lab.quiet()
  expect(lab.lines.sort()).toEqual([
    'WebPush: Consuming chat message m1',
    'WebPush: Consuming incoming call s',
    'WebPush: Sent call push for s',
    'WebPush: Sent chat push for message m1',
  ])
})

test("another backend's call that ended before its ring came does not ring", async () => {
  const lab = workerLab()
  await browser(lab, 'b1')
  await lab.publish(ended())
  await lab.quiet()
  await lab.publish(call(['bob']))
  await vi.waitFor(() =>
    expect(lab.ledger.rows({ subjectId: 's', kind: 'incoming_call' })).toMatchObject([
      { state: 'suppressed', reason: 'call_over' },
    ]),
  )
  await lab.quiet()
  expect(lab.sent).toEqual([])
})

test('an event that names nobody we know is on record and no error', async () => {
  const lab = workerLab()
  await lab.publish(message(['x', 'y']))
  await lab.quiet()
  expect(lab.ledger.rows({ subjectId: 'c' }).map((row) => [row.ownerId, row.reason])).toEqual(
    expect.arrayContaining([
      ['x', 'unknown_recipient'],
      ['y', 'unknown_recipient'],
    ]),
  )
})

test('a device whose sending fails in a way that nobody foresaw hinders none of the others', async () => {
  const lab = workerLab()
  for (const id of ['bad', 'b1', 'b2']) await browser(lab, id)
  let broken = true
  lab.answer = async (to) => {
    if (to.id === 'bad' && broken) {
      broken = false
      throw new Error('a bug of ours')
    }
    return { kind: 'accepted', status: 201 }
  }
  await lab.publish(message(['bob']))
  await vi.waitFor(() =>
    expect(lab.sent.map(({ device: to }) => to.id).sort()).toEqual(['b1', 'b2', 'bad']),
  )
  expect(
    lab.ledger.rows({ subjectId: 'c' }).filter((row) => row.state === 'accepted'),
  ).toHaveLength(2)
})

test('Apple devices hear of a missed call, and not that somebody answered: it would be one more on the pile', async () => {
  const lab = workerLab()
  await browser(lab, 'iphone', 'web.push.apple.com')
  await browser(lab, 'laptop')
  await browser(lab, 'answers')
  const started = startCall({
    sessionId: 's',
    callerId: 'ana',
    calleeIds: ['bob'],
    media: 'audio',
    atMs: Date.now(),
    ringTimeoutMs: 30_000,
  })
  if (started.kind === 'refused') throw new Error('no call')
  await lab.store.calls.insert({ call: started.call, callerName: 'Ana', openKey: 'k' }, [])
  await lab.broker.publish(call(['bob']))
  await vi.waitFor(() => expect(lab.sent).toHaveLength(3))
  const accept = { type: 'accept', userId: 'bob', deviceId: 'answers', atMs: Date.now() } as const
  const answered = step(started.call, accept)
  if (answered.kind === 'refused') throw new Error(answered.code)
  await lab.store.calls.compareAndSet({ call: answered.call, callerName: 'Ana', openKey: 'k' }, [])
  await lab.publish(ended({ reason: 'accepted', userId: 'bob', exceptDeviceId: 'answers' }))
  const ends = await lab.ledger.settled({ subjectId: 's', kind: 'call_ended' }, 3)
  expect(Object.fromEntries(ends.map((row) => [row.deviceRowId, row.reason]))).toEqual({
    iphone: 'platform_keeps_no_end',
    laptop: null,
    answers: 'did_this',
  })

  await lab.publish(ended({ reason: 'missed' }))
  await lab.ledger.settled({ subjectId: 's', kind: 'missed_call' }, 3)
  expect(lab.sent.filter(({ device: to }) => to.id === 'iphone')).toHaveLength(2)
})
