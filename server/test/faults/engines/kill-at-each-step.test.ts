import { describe, expect, test } from 'vitest'
import { at } from '../../support/ask.ts'
import type { BelfryNode } from '../rig/belfry-node.ts'
import { startLoad } from '../rig/load.ts'
import { endOfRing, message, ring } from '../rig/people.ts'
import { killAtRandom } from '../rig/random-kills.ts'
import { until } from '../rig/until.ts'
import { missing, runOf } from './run-of.ts'
import { sceneOf } from './scene-of.ts'

if (missing !== null) test.skip(`kill at each step: ${missing}`, () => {})

/** Two of each role on RabbitMQ and MongoDB. Each test kills; the last one judges all that happened. */
describe.skipIf(missing !== null)('killed at each step', { timeout: 180_000 }, () => {
  const run = runOf('kill-at-each-step')
  const { pairOf, nextKey, send, arrives } = sceneOf(run)
  const firstApi = () => nodeOf(run.rig.apis)
  const firstWorker = () => nodeOf(run.rig.workers)

  test.each([
    { at: 'accept.pre', when: 'before the message is written', answered: false },
    { at: 'accept.post', when: 'after it is written, before the answer', answered: false },
    { at: 'relay.pre', when: 'before it is published', answered: true },
    { at: 'relay.unconfirmed', when: 'published, not confirmed', answered: true },
    { at: 'relay.premark', when: 'confirmed, not marked', answered: true },
  ])('an API $when ($at): whoever saw no 2xx asks another node, and it arrives', async (death) => {
    const { client, canary } = run.rig
    const pair = await pairOf('api')
    const api = firstApi()
    api.signal('SIGKILL')
    await api.ended()
    await api.start({ failpoint: `${death.at}:1:kill` })
    const one = message(pair, nextKey(), canary)
    const done = await client.once(api, pair.one, one)
    await api.ended()
    if (!death.answered) expect(done.kind).toBe('unknown')
    if (done.kind !== 'ok') await client.insist(pair.one, one)
    await api.start()
    await arrives(pair, 'chat_message', one.subject)
  })

  test('an API that dies before it answers a call: it rings, and ends in one missed call', async () => {
    const { client } = run.rig
    const pair = await pairOf('call')
    const api = firstApi()
    api.signal('SIGKILL')
    await api.ended()
    await api.start({ failpoint: 'accept.post:1:kill' })
    const call = ring(pair, nextKey())
    expect((await client.once(api, pair.one, call)).kind).toBe('unknown')
    await api.ended()
    const sessionId = String(at((await client.insist(pair.one, call)).body, 'sessionId'))
    await arrives(pair, 'incoming_call', sessionId)
    await api.start()
    await arrives(pair, 'missed_call', sessionId)
  })

  test.each([
    { at: 'fanout.mid:2', when: 'half-way through the fan-out' },
    { at: 'send.pre:2', when: 'with a delivery claimed' },
    { at: 'send.prerecord:1', when: 'with a push sent and not recorded' },
    { at: 'ack.pre:1', when: 'with all recorded and not acknowledged' },
  ])('a worker $when ($at): the other takes over', async (death) => {
    const pair = await pairOf('worker')
    await dieOf(firstWorker(), death.at, () => send(pair))
    await arrives(pair, 'chat_message', await send(pair))
  })

  test('a worker with a ring claimed: nothing rings after its time', async () => {
    const { client } = run.rig
    const pair = await pairOf('ring')
    await dieOf(firstWorker(), 'send.pre:1', async () => {
      const answer = await client.insist(pair.one, ring(pair, nextKey()))
      return client.insist(pair.one, endOfRing(String(at(answer.body, 'sessionId')), 'cancel'))
    })
  })

  test('both workers while the push service has not answered: a copy at most, under the same Topic', async () => {
    const { devices, workers } = run.rig
    const pair = await pairOf('inflight')
    const release = devices.hold()
    await arrives(pair, 'chat_message', await send(pair))
    for (const worker of workers) worker.signal('SIGKILL')
    await Promise.all(workers.map((worker) => worker.ended()))
    release()
    for (const worker of workers) await worker.start()
  })

  test('a worker between publishing a retry and recording it: one attempt wins', async () => {
    const { devices } = run.rig
    const pair = await pairOf('retry')
    const back = devices.answer({ status: 503, times: Number.POSITIVE_INFINITY })
    await dieOf(firstWorker(), 'retry.preack:1', () => send(pair))
    back()
  })

  test('a worker while it forgets a device: the same browser’s newer subscription stays', async () => {
    const { devices, people, workers } = run.rig
    const pair = await pairOf('prune')
    const laptop = { deviceId: 'laptop-of-bob' }
    await people.subscribe(pair.other, 'prune-old', laptop)
    const [worker, other] = [firstWorker(), nodeOf(workers.slice(1))]
    // Alone, so that it is the one that forgets.
    other.signal('SIGTERM')
    await other.ended()
    devices.expire('prune-old')
    await dieOf(worker, 'prune.mid:1', () => send(pair))
    await people.subscribe(pair.other, 'prune-new', { ...laptop, replaces: 'prune-old' })
    await other.start()
    const after = await send(pair)
    await until('the newer subscription has it', () =>
      devices.has('prune-new', 'chat_message', after),
    )
  })

  test('SIGTERM under load, an API and a worker: both finish what is in hand and exit 0', async () => {
    const { apis, workers } = run.rig
    const load = startLoad(run.rig, { name: 'term', pairs: [await pairOf('term')], calls: false })
    await until('there is load', () => load.written() > 20)
    const stopping = [nodeOf(apis), nodeOf(workers)]
    for (const node of stopping) node.signal('SIGTERM')
    await Promise.all(stopping.map((node) => node.ended()))
    await load.stop()
    for (const node of stopping) await node.start()
  })

  test('SIGTERM twice ends a worker at once, though a push service does not answer', async () => {
    const { devices, recorder, workers } = run.rig
    const pair = await pairOf('twice')
    const release = devices.hold()
    await arrives(pair, 'chat_message', await send(pair))
    for (const worker of workers) worker.signal('SIGTERM')
    const since = performance.now()
    // Within a second it is the same signal.
    await until('a second has passed', () => performance.now() - since > 1100)
    for (const worker of workers) worker.signal('SIGTERM')
    await Promise.all(workers.map((worker) => worker.ended()))
    const exits = recorder.entries.flatMap((entry) =>
      entry.kind === 'process' && entry.step === 'exited' ? [entry.code] : [],
    )
    expect(exits.slice(-2)).toContain(1)
    release()
    for (const worker of workers) await worker.start()
  })

  const kills = 20
  test(`${kills} times at random, any of the four, under load: nothing is lost and nothing shows twice`, async () => {
    const pairs = [await pairOf('random-1'), await pairOf('random-2')]
    await killAtRandom(run.rig, { kills, pairs, enginesEvery: 0 })
  })

  test('after all of it no invariant is broken', () => run.expectNoViolation())

  /** Starts it with the failpoint and gives it work until it has died of it; then it runs again without. */
  async function dieOf(
    node: BelfryNode,
    point: string,
    work: () => Promise<unknown>,
  ): Promise<void> {
    node.signal('SIGKILL')
    await node.ended()
    await node.start({ failpoint: `${point}:kill` })
    for (let tries = 0; node.pid !== null; tries += 1) {
      if (tries === 200) throw new Error(`${node.name} never came to ${point}`)
      await work()
    }
    await node.start()
  }
})

function nodeOf(nodes: readonly BelfryNode[]): BelfryNode {
  const [node] = nodes
  if (node === undefined) throw new Error('there is no such node')
  return node
}
