import { afterEach, expect, test } from '@jest/globals'
import { fireEvent, render, screen } from '@testing-library/react-native'
import { SafeAreaProvider } from 'react-native-safe-area-context'
import { fakeParts, type FakePartsOptions } from '../../test/fake-parts.ts'
import { anaCallsData } from '../../test/fake-phone.ts'
import { tapAction } from '../notifications/read-response.ts'
import { App } from './app.tsx'

const origin = 'https://chat.example'
const realFetch = globalThis.fetch

afterEach(() => {
  globalThis.fetch = realFetch
})

async function start(options?: FakePartsOptions) {
  const parts = fakeParts(options)
  const metrics = {
    frame: { x: 0, y: 0, width: 390, height: 844 },
    insets: { top: 47, bottom: 34, left: 0, right: 0 },
  }
  await render(
    <SafeAreaProvider initialMetrics={metrics}>
      <App parts={parts} />
    </SafeAreaProvider>,
  )
  return parts
}

function pages() {
  return screen.container.queryAll(({ type }) => type === 'RNCWebView')
}

/** The server's page in its WebView. */
function page() {
  const [view] = pages()
  if (view === undefined) throw new Error('there is no page')
  return view
}

async function say(message: unknown, url = `${origin}/chats`) {
  const nativeEvent = { data: JSON.stringify(message), url }
  await fireEvent(page(), 'message', { nativeEvent })
}

test('at the first start the app asks for the server, and opens it once it has answered', async () => {
  const parts = await start()
  const asked: string[] = []
  globalThis.fetch = async (input) => {
    asked.push(typeof input === 'string' ? input : 'not by its address')
    return new Response('{"vapidPublicKey":"B"}', { status: 200 })
  }
  await fireEvent.changeText(screen.getByLabelText('Server'), 'chat.example')
  await fireEvent.press(screen.getByText('Continue'))
  expect(asked).toEqual(['https://chat.example/api/push/config'])
  expect(parts.stored.origin).toBe(origin)
  expect(page().props.newSource).toMatchObject({ uri: 'https://chat.example/' })
})

test('an address where no Belfry answers is not taken', async () => {
  const parts = await start()
  globalThis.fetch = async () => new Response('<!doctype html>', { status: 404 })
  await fireEvent.changeText(screen.getByLabelText('Server'), 'news.example')
  await fireEvent.press(screen.getByText('Continue'))
  expect(screen.getByText('There is no Belfry at this address. It answered 404.')).toBeTruthy()
  expect(parts.stored.origin).toBeUndefined()
})

test('the app says what the question is about before the phone asks it', async () => {
  const parts = await start({ origin, permission: 'undetermined' })
  expect(pages()).toEqual([])
  await fireEvent.press(screen.getByText('Turn on notifications'))
  // Android shows the question only where channels stand already.
  expect(parts.asked).toEqual(['prepare', 'ask'])
  expect(page()).toBeTruthy()
})

test('a person who is not ready is not asked, nor asked to be asked at the next start', async () => {
  const parts = await start({ origin, permission: 'undetermined' })
  await fireEvent.press(screen.getByText('Not now'))
  expect(parts.asked).toEqual(['prepare'])
  expect(parts.stored.isPrimed).toBe(true)
  expect(page()).toBeTruthy()
})

test('the page that turns notifications on later gets the question', async () => {
  const parts = await start({ origin, permission: 'undetermined', isPrimed: true })
  await say({ v: 1, type: 'OPEN_SETTINGS' })
  expect(parts.asked).toEqual(['prepare', 'ask'])
})

test('a page that asks is listened to from then on', async () => {
  const parts = await start({ origin })
  expect(parts.state.isListening).toBe(false)
  await say({ v: 1, type: 'SHELL_READY?' })
  expect(parts.state.isListening).toBe(true)
})

test('only the server is heard, not a frame of somebody else', async () => {
  const parts = await start({ origin })
  await say({ v: 1, type: 'BADGE', count: 7 }, 'https://chat.example.evil.tld/')
  await say({ v: 1, type: 'SIGN_OUT' }, 'https://ads.example/')
  await say({ v: 1, type: 'SHELL_READY?' }, 'about:blank')
  expect(parts.badges).toEqual([])
  expect(parts.stored.left).toBe(0)
  expect(parts.state.isListening).toBe(false)
  await say({ v: 1, type: 'BADGE', count: 3 })
  expect(parts.badges).toEqual([3])
})

test('a person who signs out leaves no notification behind', async () => {
  const parts = await start({ origin })
  await say({ v: 1, type: 'SIGN_OUT' })
  expect(parts.stored.left).toBe(1)
})

test('a ring that the page takes over goes from the screen', async () => {
  const parts = await start({ origin })
  await say({ v: 1, type: 'SHELL_READY?' })
  await parts.onPush({
    type: 'incoming_call',
    id: 'd',
    tag: 'call-S',
    sessionId: 'S',
    callerName: 'Ana',
    media: 'audio',
    ts: anaCallsData.ts,
    exp: anaCallsData.exp,
    receipt: '',
    path: '/',
  })
  expect(parts.phone.shown.size).toBe(1)
  await say({ v: 1, type: 'DISMISS', id: 'call-S' })
  expect(parts.phone.shown.size).toBe(0)
  expect(await parts.taker.takes('call-S')).toBe(true)
})

test('the person may choose another server, and change their mind', async () => {
  const parts = await start({ origin })
  await say({ v: 1, type: 'CHANGE_SERVER' })
  expect(screen.getByLabelText('Server').props.value).toBe(origin)
  await fireEvent.press(screen.getByText('Cancel'))
  expect(page()).toBeTruthy()
  expect(parts.stored).toMatchObject({ origin, left: 0 })
})

test('another server leaves nothing of the old one behind', async () => {
  const parts = await start({ origin })
  await say({ v: 1, type: 'CHANGE_SERVER' })
  globalThis.fetch = async () => new Response('{"vapidPublicKey":"B"}', { status: 200 })
  await fireEvent.changeText(screen.getByLabelText('Server'), 'https://new.example')
  await fireEvent.press(screen.getByText('Continue'))
  expect(parts.stored).toMatchObject({ origin: 'https://new.example', left: 1 })
  expect(page().props.newSource).toMatchObject({ uri: 'https://new.example/' })
})

test('without a connection the app says so, and tries again when told to', async () => {
  await start({ origin })
  const nativeEvent = { url: `${origin}/`, code: -2, description: 'net::ERR_NAME_NOT_RESOLVED' }
  await fireEvent(page(), 'loadingError', {
    nativeEvent,
    persist: () => undefined,
    isDefaultPrevented: () => false,
  })
  expect(screen.getByText('No connection')).toBeTruthy()
  await fireEvent.press(screen.getByText('Try again'))
  expect(screen.queryByText('No connection')).toBeNull()
})

test('a server that is down reads as no connection, a missing page does not', async () => {
  await start({ origin })
  await fireEvent(page(), 'httpError', { nativeEvent: { url: origin, statusCode: 404 } })
  expect(screen.queryByText('No connection')).toBeNull()
  await fireEvent(page(), 'httpError', { nativeEvent: { url: origin, statusCode: 502 } })
  expect(screen.getByText('No connection')).toBeTruthy()
})

test('a page that ended up somewhere else is brought back', async () => {
  await start({ origin })
  await say({ v: 1, type: 'SHELL_READY?' })
  const nativeEvent = { url: 'https://evil.tld/', canGoBack: true, loading: true }
  await fireEvent(page(), 'loadingStart', { nativeEvent })
  expect(page().props.newSource).toMatchObject({ uri: 'https://chat.example/' })
})

test('Answer that started the app opens the call', async () => {
  const lastResponse = {
    actionIdentifier: 'answer',
    notification: { request: { content: { data: anaCallsData } } },
  }
  await start({ origin, lastResponse })
  expect(page().props.newSource).toMatchObject({
    uri: 'https://chat.example/calls/incoming?sessionId=S',
  })
})

test('a tap that started the app waits until the server is known', async () => {
  const lastResponse = {
    actionIdentifier: tapAction,
    notification: { request: { content: { data: anaCallsData } } },
  }
  await start({ lastResponse })
  globalThis.fetch = async () => new Response('{"vapidPublicKey":"B"}', { status: 200 })
  await fireEvent.changeText(screen.getByLabelText('Server'), origin)
  await fireEvent.press(screen.getByText('Continue'))
  expect(page().props.newSource).toMatchObject({
    uri: 'https://chat.example/calls/incoming?sessionId=S',
  })
})
