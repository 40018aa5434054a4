import { expect, test } from '@jest/globals'
import { anaCallsData, fakePhone } from '../../test/fake-phone.ts'
import { responseHandler } from '../notifications/on-response.ts'
import { tapAction } from '../notifications/read-response.ts'
import { routeLinks, routeResponses, type OpeningSource } from './route-openings.ts'
import { createShell, type Shell } from './shell.ts'

const origin = 'https://chat.example'

function told(actionIdentifier: string, data: unknown = anaCallsData) {
  return { actionIdentifier, notification: { request: { content: { data } } } }
}

interface Started {
  readonly lastResponse?: unknown
  readonly initialLink?: string
}

function system({ lastResponse, initialLink }: Started = {}) {
  const state: { last: unknown } = { last: lastResponse ?? null }
  const responses = new Set<(response: unknown) => void>()
  const links = new Set<(link: string) => void>()
  const source: OpeningSource = {
    lastResponse: () => state.last,
    clearLastResponse() {
      state.last = null
    },
    onResponse(listener) {
      responses.add(listener)
      return () => responses.delete(listener)
    },
    initialLink: async () => initialLink ?? null,
    onLink(listener) {
      links.add(listener)
      return () => links.delete(listener)
    },
  }
  return { source, state, responses, links }
}

function start(shell: Shell, started: Started = {}) {
  const phone = fakePhone()
  const from = system(started)
  const onResponse = responseHandler(phone)
  const stop = routeResponses(from.source, { onResponse, shell })
  return { ...from, phone, onResponse, stop }
}

/** What the page's screen loads when it comes. */
function openedAt(shell: Shell): readonly string[] {
  const loaded: string[] = []
  shell.attach({
    tell: () => undefined,
    load: (path) => loaded.push(path),
    pageListens: () => undefined,
  })
  return loaded
}

const settled = () => new Promise(setImmediate)

test('a tap that started the app opens its page, and is forgotten for the next start', async () => {
  const shell = createShell()
  const { state } = start(shell, { lastResponse: told(tapAction) })
  await settled()
  expect(openedAt(shell)).toEqual(['/calls/incoming?sessionId=S'])
  expect(state.last).toBeNull()
})

test('a tap that the listener and the start both tell is followed once', async () => {
  const shell = createShell()
  const { responses, phone } = start(shell, { lastResponse: told(tapAction) })
  for (const listener of responses) listener(told(tapAction))
  await settled()
  expect(openedAt(shell)).toEqual(['/calls/incoming?sessionId=S'])
  expect(phone.posts).toHaveLength(1)
})

test('Decline that woke the app declines and opens nothing', async () => {
  const shell = createShell()
  const { phone } = start(shell, { lastResponse: told('decline') })
  await settled()
  expect(openedAt(shell)).toEqual(['/'])
  expect(phone.posts).toEqual([{ path: '/api/calls/S/decline', body: { receipt: 'receipt-1' } }])
})

test('an ordinary start opens the first page', async () => {
  const shell = createShell()
  start(shell)
  await settled()
  expect(openedAt(shell)).toEqual(['/'])
})

test('a tap while the app runs goes to the open page', async () => {
  const shell = createShell()
  const { responses } = start(shell)
  const messages: unknown[] = []
  shell.attach({
    tell: (message) => messages.push(message),
    load: () => undefined,
    pageListens: () => undefined,
  })
  shell.input({ kind: 'asked' })
  const data = { v: 1, type: 'chat_message', id: 'd', exp: 9, receipt: '', url: '/chats/c' }
  for (const listener of responses) listener(told(tapAction, data))
  await settled()
  expect(messages.at(-1)).toEqual({ v: 1, type: 'NAVIGATE', path: '/chats/c' })
})

test('nothing is heard any more once it is stopped', () => {
  const { responses, stop } = start(createShell())
  stop()
  expect(responses.size).toBe(0)
})

test('a link that started the app opens its page', async () => {
  const shell = createShell()
  routeLinks(system({ initialLink: 'https://chat.example/chats/9' }).source, { origin, shell })
  await settled()
  expect(openedAt(shell)).toEqual(['/chats/9'])
})

test("another server's link opens the first page", async () => {
  const shell = createShell()
  const { source, links } = system({ initialLink: 'https://evil.tld/chats/9' })
  routeLinks(source, { origin, shell })
  for (const listener of links) listener('https://chat.example.evil.tld/')
  await settled()
  expect(openedAt(shell)).toEqual(['/'])
})
