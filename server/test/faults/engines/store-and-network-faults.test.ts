import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startLoad } from '../rig/load.ts'
import { addFarWorker } from '../rig/far-worker.ts'
import { createNetworkNamespace, type NetworkNamespace } from '../rig/network-namespace.ts'
import { message, question } from '../rig/people.ts'
import { until } from '../rig/until.ts'
import { missing, runOf } from './run-of.ts'
import { sceneOf } from './scene-of.ts'

if (missing !== null) test.skip(`store and network faults: ${missing}`, () => {})

/** MongoDB and the network under two APIs and two workers. The last test judges all that happened. */
describe.skipIf(missing !== null)('when MongoDB or the network fails', { timeout: 180_000 }, () => {
  const namespaces: Array<NetworkNamespace | null> = []
  beforeAll(async () => {
    const namespace = await createNetworkNamespace()
    namespaces.push(namespace)
    const kind = namespace === null ? 'proxies' : 'a network namespace'
    console.log(`faults: the far worker is cut off by ${kind}`)
  })
  afterAll(async () => {
    for (const namespace of namespaces) await namespace?.remove()
  })
  const run = runOf('store-and-network-faults', () => {
    const [namespace] = namespaces
    return namespace == null ? {} : { pushHost: namespace.address }
  })
  const { pairOf, nextKey, send, arrives } = sceneOf(run)

  test.each([
    ['insert', 'messages'],
    ['update', 'messages'],
    ['insert', 'deliveries'],
    ['update', 'deliveries'],
  ])(
    'the answer to an %s of %s is lost after it was made: one message, one push a device',
    async (...words) => {
      const pair = await pairOf('lost-answer')
      await run.rig.fault(`answer lost to ${words.join(' ')}`, async () => {
        const lost = run.rig.storeLine.loseAnswerTo(...words)
        const key = await send(pair)
        await lost
        await arrives(pair, 'chat_message', key)
      })
    },
  )

  test('fifty who register one browser at once, at two nodes, and fifty who change one person’s wishes, all get an answer', async () => {
    const { client, apis, devices, db } = run.rig
    const { other } = await pairOf('upsert')
    const body = devices.make('upsert-browser').toJSON()
    const subscribe = { action: 'subscribe', subject: 'upsert-browser', method: 'POST' } as const
    const registering = Array.from({ length: 50 }, (_, n) => {
      const node = apis[n % apis.length]
      if (node === undefined) throw new Error('unreachable')
      return client.once(node, other, { ...subscribe, path: '/api/push-subscriptions', body })
    })
    const wishes = { chat: true, calls: true, preview: 'sender', muted: [] }
    const wishing = Array.from({ length: 50 }, (_, n) => {
      const node = apis[n % apis.length]
      if (node === undefined) throw new Error('unreachable')
      return client.once(node, other, question('PUT', '/api/notification-preferences', wishes))
    })
    const kinds = (await Promise.all([...registering, ...wishing])).map(({ kind }) => kind)
    expect(new Set(kinds)).toEqual(new Set(['ok']))
    const rows = await db.collection('devices').countDocuments({ name: 'upsert-browser' })
    expect(rows).toBeLessThanOrEqual(1)
    expect(await db.collection('preferences').countDocuments()).toBe(1)
  })

  test('its server killed twenty times during writes', async () => {
    const { wireServer, storeLine, random } = run.rig
    const load = startLoad(run.rig, { name: 'server', pairs: [await pairOf('server')] })
    await run.rig.fault('database server killed', async () => {
      for (let kill = 0; kill < 20; kill += 1) {
        const before = load.written()
        await until('more was written', () => load.written() > before)
        await delay(random() * 50)
        // A server that is not ours has its connections cut.
        if (!(await wireServer.killAndRestart())) storeLine.cut()
      }
    })
    await load.stop()
  })

  const outageMs = 30_000
  test(`an outage of ${outageMs / 1000} s: the API says 503 and when to ask again, nothing ends, and it heals`, async () => {
    const { storeLine, recorder, apis, workers } = run.rig
    const pids = [...apis, ...workers].map(({ pid }) => pid)
    const load = startLoad(run.rig, { name: 'outage', pairs: [await pairOf('outage')] })
    await until('there is load', () => load.written() > 10)
    const before = recorder.entries.length
    await run.rig.fault('database outage', async () => {
      await storeLine.down()
      await delay(outageMs)
      await storeLine.up()
    })
    const refused = recorder.entries.slice(before).filter((entry) => entry.kind === 'fail')
    expect(refused.length).toBeGreaterThan(2)
    expect([...apis, ...workers].map(({ pid }) => pid)).toEqual(pids)
    await load.stop()
  })

  test('links that swallow what they are given, to both at once: found out, and others are found', async () => {
    const { storeLine, brokerLine } = run.rig
    const pair = await pairOf('half-open')
    const load = startLoad(run.rig, { name: 'half-open', pairs: [pair] })
    await until('there is load', () => load.written() > 5)
    await run.rig.fault('half-open links', async () => {
      storeLine.freeze()
      brokerLine.swallow()
      // Three heartbeats, and what a request may take.
      await delay(8000)
      brokerLine.heal()
      storeLine.thaw()
    })
    await load.stop()
    await arrives(pair, 'chat_message', await send(pair))
  })

  test('a line that delays, slices every byte and is reset in the middle of a frame', async () => {
    const { brokerLine, storeLine, random } = run.rig
    const pair = await pairOf('bad-line')
    const load = startLoad(run.rig, { name: 'bad-line', pairs: [pair] })
    await run.rig.fault('bad line', async () => {
      brokerLine.sliceBytes()
      await delay(1500)
      brokerLine.pass()
      brokerLine.delayBy(() => 100 + random() * 100)
      await delay(1500)
      for (let resets = 0; resets < 5; resets += 1) {
        await delay(random() * 300)
        brokerLine.reset()
        storeLine.cut()
      }
      brokerLine.pass()
    })
    await load.stop()
    await arrives(pair, 'chat_message', await send(pair))
  })

  test('a worker’s cable is pulled: the others do its work, and it goes on once it is plugged in', async () => {
    const { workers, client, canary } = run.rig
    const pair = await pairOf('cable')
    const far = await addFarWorker(run.rig, namespaces[0] ?? null)
    run.rig.onClose(far.close)
    await far.node.start()
    const load = startLoad(run.rig, { name: 'cable', pairs: [pair], calls: false, pauseMs: 20 })
    await until('there is load', () => load.written() > 30)
    await run.rig.fault('cable pulled', async () => {
      await far.pull()
      // Until RabbitMQ has missed its heartbeats, and gives what it had in hand to others.
      await delay(7000)
      await far.plug()
    })
    await load.stop()
    await arrives(pair, 'chat_message', await send(pair))
    for (const worker of workers) worker.signal('SIGTERM')
    await Promise.all(workers.map((worker) => worker.ended()))
    const alone = message(pair, nextKey(), canary)
    await client.insist(pair.one, alone)
    await arrives(pair, 'chat_message', alone.subject)
    far.node.signal('SIGTERM')
    await far.node.ended()
    for (const worker of workers) await worker.start()
  })

  test('after all of it no invariant is broken', () => run.expectNoViolation())
})
