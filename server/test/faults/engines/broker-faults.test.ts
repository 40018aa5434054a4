import type { ChatMessage, IncomingCallPushMessage } from '@belfry/contracts'
import { describe, expect, test } from 'vitest'
import { onChannel } from '../../rabbitmq/raw-rabbitmq.ts'
import { callBehindBacklog } from '../rig/backlog.ts'
import { startBoundedApi } from '../rig/bounded-api.ts'
import { chatFrom, publishEvents, putPoison } from '../rig/exchange.ts'
import { startLoad } from '../rig/load.ts'
import { queueLengths, unackedByQueue } from '../rig/observe.ts'
import { until } from '../rig/until.ts'
import { missing, runOf } from './run-of.ts'
import { sceneOf } from './scene-of.ts'

if (missing !== null) test.skip(`broker faults: ${missing}`, () => {})

/** RabbitMQ under two APIs and two workers. Each test breaks something of it; the last one judges all that happened. */
describe.skipIf(missing !== null)('when RabbitMQ fails', { timeout: 180_000 }, () => {
  const run = runOf('broker-faults')
  const { pairOf, nextKey, send, arrives } = sceneOf(run)
  /** Refused at first; its claim must run out before it is tried again. */
  const comesAgain: string[] = []
  /** Refused because too many waited. */
  const neverComes: string[] = []

  test('a queue of that name with other properties: it does not start, and says what to do', async () => {
    const { rabbitMq, addNode } = run.rig
    const url = await rabbitMq.addVhost('foreign')
    await onChannel(url, (channel) => channel.assertQueue('web-push.calls', { durable: true }))
    const refuses = addNode({ name: 'foreign', role: 'web-push' }, { RABBITMQ_URL: url })
    await expect(refuses.start({ mayRefuse: true })).rejects.toThrow(
      'rabbitmqctl delete_queue web-push.calls',
    )
  })

  // Before anything waits in a retry queue: in 3.10 those go on being refused too, and nothing cures that.
  test.each([
    { when: 'its workers have made room', workersFirst: true },
    // RabbitMQ 3.10 goes on refusing those whom it refused before: they must come back by themselves.
    { when: 'the operator has lifted its limit', workersFirst: false },
  ])('a lane that is full refuses; what waits in the outbox arrives once $when', async (room) => {
    const { rabbitMq, workers } = run.rig
    const pair = await pairOf('full')
    for (const worker of workers) worker.signal('SIGTERM')
    await Promise.all(workers.map((worker) => worker.ended()))
    const keys: string[] = []
    const allArrive = async () => {
      for (const worker of workers) await worker.start()
      for (const key of keys) await arrives(pair, 'chat_message', key)
    }
    await run.rig.fault(`lane full until ${room.when}`, async () => {
      const policy = ['set_policy', 'full', '^web-push\\.chat$', '{"max-length":5}']
      await rabbitMq.ctl(...policy, '--apply-to', 'queues')
      try {
        for (let n = 0; n < 20; n += 1) keys.push(await send(pair))
        const lengths = await queueLengths(rabbitMq.url)
        expect(lengths.get('web-push.chat')).toBeLessThan(20)
        if (room.workersFirst) await allArrive()
      } finally {
        await rabbitMq.ctl('clear_policy', 'full')
      }
    })
    if (!room.workersFirst) await allArrive()
  })

  test('poison is set aside at first sight, and what comes behind it arrives', async () => {
    const { rabbitMq } = run.rig
    const pair = await pairOf('poison')
    const future = { ...chatFrom(pair, nextKey(), run.rig.canary), v: 99 }
    const poisons = {
      'no-json': '{"type":"ChatMessage",',
      'other-version': JSON.stringify(future),
      megabyte: `"${'x'.repeat(2 ** 20)}"`,
    }
    for (const queue of ['web-push.chat', 'web-push.calls']) {
      for (const [name, body] of Object.entries(poisons)) {
        await putPoison(run.rig, queue, { name: `${name}-${queue}`, body })
      }
    }
    await arrives(pair, 'chat_message', await send(pair))
    await until('all poison is set aside', async () => {
      return (await queueLengths(rabbitMq.url)).get('dead') === 6
    })
  })

  test('the same event ten times is one notification a device', async () => {
    const pair = await pairOf('ten')
    const key = nextKey()
    await publishEvents(run.rig, [chatFrom(pair, key, run.rig.canary)], 10)
    await arrives(pair, 'chat_message', key)
  })

  test('a call whose end comes before its beginning does not ring', async () => {
    const { db, people } = run.rig
    const { one, other } = await pairOf('reordered')
    const now = Date.now()
    const sessionId = `foreign-${run.rig.seed}`
    const endedAt = new Date(now).toISOString()
    const end = {
      type: 'CallEnded',
      sessionId,
      reason: 'cancelled',
      userId: one.id,
      endedAt,
    } as const
    await publishEvents(run.rig, [end])
    // The two lanes' workers race: its tombstone must be there.
    const deliveries = db.collection('deliveries')
    await until('the end is known', async () => {
      return (await deliveries.countDocuments({ eventId: `over:${sessionId}` })) > 0
    })
    const begin: IncomingCallPushMessage = {
      type: 'IncomingCallPushMessage',
      sessionId,
      callerId: one.id,
      callerName: 'Ana',
      calleeIds: [other.id],
      media: 'audio',
      startedAt: endedAt,
      expiresAt: new Date(now + 30_000).toISOString(),
    }
    await publishEvents(run.rig, [begin])
    const refused = { eventId: `call:${sessionId}`, state: 'suppressed' }
    await until('every device has its reason', async () => {
      return (await deliveries.countDocuments(refused)) === people.devicesOf(other).length
    })
  })

  test('every connection closed by the operator, and reset, again and again under load', async () => {
    const { rabbitMq, brokerLine } = run.rig
    const load = startLoad(run.rig, { name: 'closed', pairs: [await pairOf('closed')] })
    await run.rig.fault('connections closed and reset', async () => {
      for (let times = 0; times < 3; times += 1) {
        const before = load.written()
        await until('more was written', () => load.written() > before + 5)
        await rabbitMq.ctl('close_all_connections', 'maintenance')
        await until('more was written', () => load.written() > before + 10)
        brokerLine.reset()
      }
    })
    await load.stop()
  })

  test('killed three times under load', async () => {
    const { rabbitMq } = run.rig
    const load = startLoad(run.rig, { name: 'killed', pairs: [await pairOf('killed')] })
    for (let times = 0; times < 3; times += 1) {
      const before = load.written()
      await until('more was written', () => load.written() > before + 5)
      await run.rig.fault(`broker killed, time ${times + 1}`, async () => {
        await rabbitMq.kill()
        await rabbitMq.restart()
      })
    }
    await load.stop()
  })

  test('stopped while workers have a thousand messages in hand: all of them come, and a device shows each once', async () => {
    const { rabbitMq, storeLine, devices, people, addNode } = run.rig
    const crowd = await Promise.all(Array.from({ length: 20 }, (_, n) => pairOf(`unacked-${n}`, 1)))
    // A worker takes 128 of a lane in hand: six and the two that run, 1,024.
    const more = Array.from({ length: 6 }, (_, n) =>
      addNode({ name: `worker-more-${n + 1}`, role: 'web-push' }),
    )
    for (const worker of more) await worker.start()
    // Twice what they can hold: who gives up on the store gives his place to another.
    const events = Array.from({ length: 120 }, () =>
      crowd.map((pair) => chatFrom(pair, nextKey(), run.rig.canary)),
    ).flat()
    await run.rig.fault('push service and store hang, broker stopped', async () => {
      const release = devices.hold()
      const before = devices.count()
      await publishEvents(run.rig, events)
      await until('a push is under way', () => devices.count() > before)
      // What has to wait for a push service that hangs goes back to the broker; for the store it waits.
      storeLine.freeze()
      await until('a thousand are in hand', async () => {
        return ((await unackedByQueue(rabbitMq)).get('web-push.chat') ?? 0) >= 1000
      })
      await rabbitMq.ctl('stop_app')
      // All of them at once are more than a small machine's database answers in time; two get through it.
      for (const worker of more) worker.signal('SIGKILL')
      await Promise.all(more.map((worker) => worker.ended()))
      release()
      storeLine.thaw()
      await rabbitMq.ctl('start_app')
    })
    const deviceOf = new Map(crowd.map(({ other }) => [other.id, people.devicesOf(other)[0] ?? '']))
    const isThere = ({ id, recipientIds: [person = ''] }: ChatMessage) =>
      devices.has(deviceOf.get(person) ?? '', 'chat_message', id)
    await until('all of them come', () => events.every(isThere), { withinMs: 120_000 })
  })

  test.each([
    { alarm: 'disk', set: 'set_disk_free_limit', raise: '900GB', clear: '50MB' },
    { alarm: 'memory', set: 'set_vm_memory_high_watermark', raise: '0.00001', clear: '0.4' },
  ])(
    'while its $alarm alarm lasts messages wait in the outbox up to its bound, then they are refused; after it all that wait arrive, and new ones are taken',
    async (each) => {
      const { rabbitMq, devices, db } = run.rig
      const pair = await pairOf('alarm')
      const bound = 20
      const api = await startBoundedApi(run.rig, { name: `api-bounded-${each.alarm}`, bound })
      const isTaken = () => api.takes(pair, nextKey())
      const stored = db.collection('messages')
      await run.rig.fault(`${each.alarm} alarm`, async () => {
        await rabbitMq.ctl(each.set, each.raise)
        await until('the alarm is raised', async () => {
          const alarms = await rabbitMq.ctl('eval', 'rabbit_alarm:get_alarms().')
          return alarms.includes('resource_limit')
        })
        await until('one is refused', async () => !(await isTaken()))
        const waiting = await stored.countDocuments({ pendingSinceMs: { $exists: true } })
        expect(waiting).toBeGreaterThanOrEqual(bound)
        const isThere = (key: string) => devices.has('alarm-bob-1', 'chat_message', key)
        expect(api.accepted.filter(isThere)).toEqual([])
        await rabbitMq.ctl(each.set, each.clear)
      })
      for (const key of api.accepted) await arrives(pair, 'chat_message', key)
      await until('one is taken again', isTaken)
      await arrives(pair, 'chat_message', api.accepted.at(-1) ?? '')
      const words = new Set(api.refused.values())
      expect(words).toEqual(new Set(['503 OUTBOX_FULL, Retry-After 2']))
      const refused = [...api.refused.keys()]
      expect(await stored.countDocuments({ clientMessageId: { $in: refused } })).toBe(0)
      neverComes.push(...refused)
      await api.stop()
    },
  )

  test('a lane deleted under its consumers is declared again, and they are back', async () => {
    const { rabbitMq } = run.rig
    const pair = await pairOf('deleted')
    await arrives(pair, 'chat_message', await send(pair))
    await untilEmpty('web-push.chat')
    await run.rig.fault('lane deleted', () =>
      onChannel(rabbitMq.url, (channel) =>
        channel.deleteQueue('web-push.chat', { ifEmpty: false }),
      ),
    )
    await arrives(pair, 'chat_message', await send(pair))
  })

  test('a retry whose queues are missing comes all the same', async () => {
    const { rabbitMq, devices } = run.rig
    const pair = await pairOf('no-retry', 1)
    // A first retry waits for about a second, and what is a little more than that takes the next step.
    const steps = ['web-push.chat.retry.1s', 'web-push.chat.retry.5s']
    for (const queue of steps) await untilEmpty(queue)
    await run.rig.fault('retry queues deleted', async () => {
      for (const queue of steps) {
        await onChannel(rabbitMq.url, (channel) => channel.deleteQueue(queue))
      }
      devices.answer({ device: 'no-retry-bob-1', status: 503 })
      const key = await send(pair)
      await arrives(pair, 'chat_message', key)
      comesAgain.push(key)
      await until('both are declared again', async () => {
        return (await queueLengths(rabbitMq.url)).size > 0
      })
    })
  })

  const backlog = 20_000
  test(`behind a backlog of ${backlog} messages a call rings first`, async () => {
    const people = Array.from({ length: 20 }, (_, n) => pairOf(`crowd-${n}`, 1))
    const crowd = await Promise.all(people)
    const waiting = { size: backlog, crowd, muted: 3, alone: 15 }
    const { pushesBefore } = await callBehindBacklog(run.rig, waiting, await pairOf('caller'))
    // A tenth of the backlog is pushed at all.
    expect(pushesBefore).toBeLessThan(backlog / 20)
  })

  test('after all of it no invariant is broken, and what had to wait long has come', async () => {
    await run.expectNoViolation({ quietWithinMs: 240_000 })
    const taken = run.rig.recorder.entries.flatMap((entry) =>
      entry.kind === 'push' && entry.status === 201 ? [entry.message?.subject] : [],
    )
    expect(comesAgain.filter((key) => !taken.includes(key))).toEqual([])
    expect(neverComes.filter((key) => taken.includes(key))).toEqual([])
  }, 300_000)

  function untilEmpty(queue: string): Promise<void> {
    return until(`${queue} is empty`, async () => {
      return (await queueLengths(run.rig.rabbitMq.url)).get(queue) === 0
    })
  }
})
