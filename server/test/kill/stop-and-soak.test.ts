import { expect, test, vi } from 'vitest'
import { at } from '../support/test-server.ts'
import { conversationOf } from '../delivery/scene.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { insist, killScene, timesById, tryAsk } from './kill-scene.ts'

vi.setConfig({ testTimeout: 180_000 })

test('SIGTERM under load finishes what is in hand within ten seconds and exits 0; what was answered 2xx arrives', async () => {
  const scene = await killScene()
  const first = await scene.start()
  const ana = await scene.person('ana')
  const bob = await scene.person('bob')
  const { browser } = await bob.subscribe()
  // One device of Bob's hangs: it must not keep the process from stopping.
  const hangs = await bob.subscribe()
  const giveUp = scene.push.answerNext(
    { kind: 'never' },
    { endpoint: hangs.browser.endpoint, times: Infinity },
  )
  const conversationId = await conversationOf(ana, bob)
  const path = `/api/conversations/${conversationId}/messages`
  const answers = Array.from({ length: 300 }, (_, n) => tryAsk(ana, path, { text: `message ${n}` }))
  await Promise.all(answers.slice(0, 60))
  const begun = performance.now()
  first.signal('SIGTERM')
  const exit = await first.exited
  expect(exit).toEqual({ code: 0, signal: null })
  expect(performance.now() - begun).toBeLessThan(10_000)
  const accepted = (await Promise.all(answers)).flatMap((answer) =>
    answer?.status === 201 ? [String(at(answer.body, 'id'))] : [],
  )
  expect(accepted.length).toBeGreaterThan(0)

  giveUp()
  await scene.start()
  await scene.quiet()
  const arrived = browser.received.map(({ json }) =>
    String(at(json, 'notification', 'data', 'messageId')),
  )
  expect(accepted.filter((id) => !arrived.includes(id))).toEqual([])
  expect(Math.max(...timesById(browser).values())).toBe(1)
})

const kills = 20
const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000)

test(`killed ${kills} times at random under load, nothing answered 2xx is lost and nothing shows twice (KILL_SEED=${seed})`, async () => {
  const random = seededRandom(seed)
  const scene = await killScene()
  let belfry = await scene.start()
  const ana = await scene.person('ana')
  const bob = await scene.person('bob')
  const browsers = [(await bob.subscribe()).browser, (await bob.subscribe()).browser]
  const conversationId = await conversationOf(ana, bob)
  const path = `/api/conversations/${conversationId}/messages`

  const load = { on: true }
  const written: string[] = []
  const write = async (writer: number) => {
    for (let n = 0; load.on; n += 1) {
      const clientMessageId = `${writer}-${n}`
      const answer = await insist(ana, path, {
        text: `message ${clientMessageId}`,
        clientMessageId,
      })
      if (answer.status === 201) written.push(String(at(answer.body, 'id')))
    }
  }
  const writers = Promise.all([0, 1, 2, 3].map(write))
  for (let kill = 0; kill < kills; kill += 1) {
    // Not before some more were written, then at a random moment of the work on them.
    const before = written.length
    await vi.waitFor(() => expect(written.length).toBeGreaterThan(before + 5), {
      timeout: 30_000,
      interval: 5,
    })
    const moment = performance.now() + random() * 100
    await vi.waitFor(() => expect(performance.now()).toBeGreaterThan(moment), { interval: 1 })
    belfry.signal('SIGKILL')
    await belfry.exited
    belfry = await scene.start()
  }
  load.on = false
  await writers
  await scene.quiet()

  expect(new Set(written).size).toBe(written.length)
  for (const browser of browsers) {
    const arrived = new Set(
      browser.received.map(({ json }) => String(at(json, 'notification', 'data', 'messageId'))),
    )
    expect(written.filter((id) => !arrived.has(id))).toEqual([])
    // One delivery id a message: the device drops the copies.
    expect(timesById(browser).size).toBe(arrived.size)
    const copies = [...timesById(browser).values()].filter((times) => times > 1)
    expect(Math.max(0, ...copies)).toBeLessThanOrEqual(2)
  }
  const states = scene
    .ledger()
    .rows({ subjectId: conversationId })
    .map((row) => row.state)
  expect(new Set(states)).toEqual(new Set(['accepted']))
})
