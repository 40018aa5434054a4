import { expect, test, vi } from 'vitest'
import { createRealtime, type RealtimeSocket } from '../src/model/realtime.ts'
import { handClock } from './hand-clock.ts'

/** A socket whose other end is the test. */
function socketOf() {
  const listeners = new Map<string, Set<(content: unknown) => void>>()
  const said: unknown[] = []
  const state: { connected: boolean; active: boolean } = { connected: false, active: true }
  const socket = {
    get connected() {
      return state.connected
    },
    get active() {
      return state.active
    },
    on: (event: string, listener: (content: unknown) => void) =>
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener)),
    off: (event: string, listener: (content: unknown) => void) =>
      listeners.get(event)?.delete(listener),
    emit: (_event: string, content: unknown) => said.push(content),
    connect: vi.fn(),
    disconnect: vi.fn(),
  } satisfies RealtimeSocket
  const hear = (event: string, content?: unknown) => {
    if (event === 'connect') state.connected = true
    if (event === 'disconnect') state.connected = false
    for (const listener of listeners.get(event) ?? []) listener(content)
  }
  return { socket, state, hear, said }
}

function open() {
  const clock = handClock()
  const { socket, state, hear, said } = socketOf()
  const onRefused = vi.fn()
  const { after, every } = clock
  const realtime = createRealtime({ open: () => socket, after, every, onRefused })
  return { clock, socket, state, hear, said, onRefused, realtime }
}

const mark = { conversationId: 'c-1', userId: 'ana', messageId: 'm-1' }

test('an event that does not fit its schema is dropped', () => {
  const { realtime, hear } = open()
  const heard = vi.fn()
  const stop = realtime.on('conversation.read', heard)
  hear('conversation.read', { conversationId: 7 })
  hear('conversation.read', mark)
  stop()
  hear('conversation.read', mark)
  expect(heard.mock.calls).toEqual([[mark]])
  realtime.close()
})

test('the server hears what this tab shows: at once, on change, after a reconnect, every 25 s', () => {
  const { realtime, hear, said, clock } = open()
  realtime.showing({ visible: true, conversationId: 'c-1' })
  expect(said).toEqual([])
  hear('connect')
  realtime.showing({ visible: true, conversationId: 'c-1' })
  realtime.showing({ visible: false, conversationId: 'c-1' })
  expect(said).toEqual([
    { visible: true, conversationId: 'c-1' },
    { visible: false, conversationId: 'c-1' },
  ])
  clock.advance(25_000)
  hear('disconnect')
  clock.advance(25_000)
  hear('connect')
  expect(said).toHaveLength(4)
  realtime.close()
})

test('after a gap everything is asked again, not at the first connection', () => {
  const { realtime, hear } = open()
  const refetch = vi.fn()
  realtime.onReconnect(refetch)
  hear('connect')
  expect(refetch).not.toHaveBeenCalled()
  hear('disconnect')
  hear('connect')
  expect(refetch).toHaveBeenCalledOnce()
  realtime.close()
})

test('a short gap is no news; a long one is offline until the server is heard again', () => {
  const { realtime, hear, clock } = open()
  hear('connect')
  hear('disconnect')
  clock.advance(2999)
  expect(realtime.connection()).toBe('online')
  clock.advance(1)
  expect(realtime.connection()).toBe('offline')
  hear('connect')
  expect(realtime.connection()).toBe('online')
  realtime.close()
})

test('a refused socket asks whether the session still stands, and tries again', () => {
  const { realtime, socket, state, hear, clock, onRefused } = open()
  state.active = false
  hear('connect_error')
  hear('connect_error')
  expect(onRefused).toHaveBeenCalledOnce()
  clock.advance(5000)
  expect(socket.connect).toHaveBeenCalledTimes(2)
  realtime.close()
  expect(clock.waiting()).toBe(0)
})

test('introduced anew, it connects again at once and takes it for a gap, not for a refusal', () => {
  const { realtime, socket, state, hear, clock, onRefused } = open()
  const refetch = vi.fn()
  realtime.onReconnect(refetch)
  hear('connect')
  socket.disconnect.mockImplementationOnce(() => {
    state.active = false
    hear('disconnect')
  })
  realtime.introduce()
  expect(socket.connect).toHaveBeenCalledTimes(2)
  expect(onRefused).not.toHaveBeenCalled()
  state.active = true
  hear('connect')
  expect(refetch).toHaveBeenCalledOnce()
  clock.advance(10_000)
  expect(socket.connect).toHaveBeenCalledTimes(2)
  realtime.close()
})
