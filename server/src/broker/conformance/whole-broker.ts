import { expect } from 'vitest'
import type { Notice } from '../port.ts'
import type { BrokerCases } from './broker-lab.ts'
import { gate, inbox } from './inbox.ts'
import { chat, delivery, ring } from './samples.ts'

const notice: Notice = {
  kind: 'realtime',
  to: ['bob'],
  name: 'call.ringing',
  payload: { sessionId: 's1' },
}

function nextOf(listen: (listener: (heard: Notice) => void) => () => void): Promise<Notice> {
  return new Promise((resolve) => {
    const stop = listen((heard) => {
      stop()
      resolve(heard)
    })
  })
}

export const wholeBrokerCases: BrokerCases = {
  'a broker that can take an event answers a ping': async ({ broker }) => {
    await expect(broker.ping()).resolves.toBeUndefined()
  },
  'the depth counts what waits, what is in hand and what is delayed, by queue': async ({
    broker,
  }) => {
    expect(await broker.depth()).toMatchObject({ 'web-push.chat': 0, 'web-push.calls': 0 })
    await Promise.all([broker.publish(chat(1)), broker.publish(chat(2)), broker.publish(ring)])
    await broker.retry('web-push.chat', delivery('x'), 600_000)
    await expect
      .poll(() => broker.depth())
      .toMatchObject({ 'web-push.chat': 3, 'web-push.calls': 1 })
    const hold = gate()
    const worker = inbox(() => hold.verdict)
    const consumer = broker.consume('web-push.chat', worker.handler, { prefetch: 2 })
    await worker.got(2)
    await expect
      .poll(() => broker.depth())
      .toMatchObject({ 'web-push.chat': 3, 'web-push.calls': 1 })
    hold.open({ kind: 'done' })
    await consumer.stop()
    await expect
      .poll(() => broker.depth())
      .toMatchObject({ 'web-push.chat': 1, 'web-push.calls': 1 })
  },
  'the depth is the same after a restart': async (lab) => {
    await Promise.all([lab.broker.publish(chat(1)), lab.broker.publish(ring)])
    const broker = await lab.reopen()
    await expect
      .poll(() => broker.depth())
      .toMatchObject({ 'web-push.chat': 1, 'web-push.calls': 1 })
  },
  'a broadcast reaches every listener of the process that sent it too': async ({ broker }) => {
    const heard = [0, 1].map(() => nextOf((listener) => broker.onBroadcast(listener)))
    await broker.broadcast(notice)
    expect(await Promise.all(heard)).toEqual([notice, notice])
  },
  'who stopped listening hears no more, and a listener that throws keeps nobody from hearing':
    async ({ broker }) => {
      const gone: Notice[] = []
      broker.onBroadcast((each) => gone.push(each))()
      broker.onBroadcast(() => {
        throw new TypeError('a mistake')
      })
      const heard = nextOf((listener) => broker.onBroadcast(listener))
      await broker.broadcast(notice)
      expect(await heard).toEqual(notice)
      expect(gone).toEqual([])
    },
  'broadcasts come in the order they were sent': async ({ broker }) => {
    const heard: Notice[] = []
    const last = new Promise<void>((resolve) => {
      broker.onBroadcast((each) => {
        heard.push(each)
        if (heard.length === 3) resolve()
      })
    })
    const sids = ['1', '2', '3']
    await Promise.all(sids.map((sid) => broker.broadcast({ kind: 'session_ended', sid })))
    await last
    expect(heard).toEqual(sids.map((sid) => ({ kind: 'session_ended', sid })))
  },
}
