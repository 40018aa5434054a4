import type { Message, SendMessageBody } from '@belfry/contracts'
import { expect, test, vi } from 'vitest'
import { createOutbox, type Outbox } from '../src/model/outbox.ts'
import type { Reply } from '../src/model/request.ts'
import { memoryStorage, type KeyValueStorage } from '../src/model/storage.ts'
import { handClock } from './hand-clock.ts'
import { messageOf } from './message-of.ts'

type Answer = 'taken' | number

/** A server that answers as told, one answer a send; then it takes everything. */
function serverOf(...answers: Answer[]) {
  const got: SendMessageBody[] = []
  const send = async (conversationId: string, body: SendMessageBody): Promise<Reply<Message>> => {
    got.push(body)
    const answer = answers.shift() ?? 'taken'
    if (answer !== 'taken') {
      return {
        ok: false,
        problem: { type: 'about:blank', title: 'No', status: answer, code: 'NO' },
      }
    }
    const { text, clientMessageId = null } = body
    const sentAt = '2026-11-20T14:06:30.000Z'
    return { ok: true, value: messageOf({ conversationId, text, clientMessageId, sentAt }) }
  }
  return { got, send }
}

function open(server: ReturnType<typeof serverOf>, storage: KeyValueStorage = memoryStorage()) {
  const clock = handClock()
  const sent: string[] = []
  const outbox = createOutbox({
    storage,
    userId: 'bob',
    clock,
    send: server.send,
    onSent: (message) => sent.push(message.text),
  })
  return { clock, outbox, sent, storage }
}

const states = (outbox: Outbox) => outbox.snapshot().map(({ text, state }) => `${text}: ${state}`)

test('messages arrive in the order in which they were written', async () => {
  const server = serverOf()
  const { outbox, sent } = open(server)
  outbox.add('c-1', 'one')
  outbox.add('c-2', 'two')
  outbox.add('c-1', 'three')
  await vi.waitFor(() => expect(outbox.snapshot()).toEqual([]))
  expect(sent).toEqual(['one', 'two', 'three'])
  outbox.close()
})

test('what is written offline is kept, and sent with the same id when the network is back', async () => {
  const server = serverOf(0)
  const { outbox, sent, storage } = open(server)
  outbox.add('c-1', 'They close at three.')
  await vi.waitFor(() => expect(states(outbox)).toEqual(['They close at three.: waiting']))
  expect(storage.getItem('belfry.unsent.bob')).toContain('They close at three.')

  outbox.flush()
  await vi.waitFor(() => expect(sent).toEqual(['They close at three.']))
  const [first, second] = server.got.map(({ clientMessageId }) => clientMessageId)
  expect(second).toBe(first)
  expect(storage.getItem('belfry.unsent.bob')).toBe('[]')
  outbox.close()
})

test('a server that does not answer is tried again later, and less and less often', async () => {
  const server = serverOf(503, 429)
  const { clock, outbox, sent } = open(server)
  outbox.add('c-1', 'one')
  await vi.waitFor(() => expect(clock.waiting()).toBe(1))
  clock.advance(2000)
  await vi.waitFor(() => expect(server.got).toHaveLength(2))
  await vi.waitFor(() => expect(clock.waiting()).toBe(1))
  clock.advance(3999)
  expect(server.got).toHaveLength(2)
  clock.advance(1)
  await vi.waitFor(() => expect(sent).toEqual(['one']))
  outbox.close()
})

test('while one waits for the server, the next one does not overtake it', async () => {
  const server = serverOf(0)
  const { clock, outbox, sent } = open(server)
  outbox.add('c-1', 'one')
  await vi.waitFor(() => expect(clock.waiting()).toBe(1))
  outbox.add('c-1', 'two')
  expect(states(outbox)).toEqual(['one: waiting', 'two: waiting'])
  clock.advance(2000)
  await vi.waitFor(() => expect(sent).toEqual(['one', 'two']))
  outbox.close()
})

test('a refused message waits for the person, and holds up none of the others', async () => {
  const server = serverOf(422)
  const { outbox, sent } = open(server)
  outbox.add('c-1', 'one')
  outbox.add('c-1', 'two')
  await vi.waitFor(() => expect(sent).toEqual(['two']))
  await vi.waitFor(() => expect(states(outbox)).toEqual(['one: failed']))

  const [refused] = outbox.snapshot()
  outbox.retry(refused?.clientMessageId ?? '')
  await vi.waitFor(() => expect(sent).toEqual(['two', 'one']))
  outbox.close()
})

test('a closed browser keeps what was on its way, and sends it once when it opens again', async () => {
  const storage = memoryStorage()
  const never = { got: [], send: () => new Promise<Reply<Message>>(() => undefined) }
  const before = open(never, storage)
  before.outbox.add('c-1', 'one')
  expect(states(before.outbox)).toEqual(['one: sending'])
  before.outbox.close()

  const server = serverOf()
  const after = open(server, storage)
  expect(states(after.outbox)).toEqual(['one: waiting'])
  after.outbox.flush()
  await vi.waitFor(() => expect(after.sent).toEqual(['one']))
  expect(server.got[0]?.clientMessageId).toBe('id-1')
  after.outbox.close()
})

test('what cannot be read from the storage is left out, not shown as rubbish', () => {
  const storage = memoryStorage()
  storage.setItem('belfry.unsent.bob', '[{"text":"no id"}, 7, null]')
  const { outbox } = open(serverOf(), storage)
  expect(outbox.snapshot()).toEqual([])
  outbox.close()
})
