import { expect, test } from 'vitest'
import { onNotificationClick } from '../src/on-notification-click.ts'
import { onNotificationClose } from '../src/on-notification-close.ts'
import { onPush } from '../src/on-push.ts'
import { takePendingAction } from '../src/record.ts'
import type { ShownNotification } from '../src/worker-environment.ts'
import {
  answerWith,
  app,
  chatPush,
  fakeWindow,
  fakeWorker,
  missedPush,
  nowSeconds,
  ringPush,
  type FakeOptions,
} from './fake-worker.ts'

const ringUrl = `${app}calls/incoming?sessionId=S`

/** Shows the push in a browser whose pages are not asked, then clicks it. */
async function clicked(push: ReturnType<typeof ringPush>, action: string, options: FakeOptions) {
  const quiet = fakeWorker()
  await onPush(push, quiet.environment)
  const worker = fakeWorker({ ...options, store: options.store ?? quiet.environment.store })
  const [notification] = quiet.standing
  if (!notification) throw new Error('nothing was shown')
  await onNotificationClick({ action, notification }, worker.environment)
  return { ...worker, standing: quiet.standing }
}

const isRing = ({ type }: { type: string }) => type === 'incoming_call_click'

test('answering in an open page focuses it and tells it who rings and what was chosen', async () => {
  const page = fakeWindow({ takes: isRing })
  const { opened, standing } = await clicked(ringPush(), 'answer', { windows: [page] })
  expect(page.log).toEqual(['focus', 'message incoming_call_click'])
  expect(page.messages).toEqual([
    { type: 'incoming_call_click', sessionId: 'S', callerUid: 'ana', action: 'answer' },
  ])
  expect(opened).toEqual([])
  expect(standing).toEqual([])
})

test('a click on the ring itself opens it without answering', async () => {
  const page = fakeWindow({ takes: isRing })
  await clicked(ringPush(), '', { windows: [page] })
  expect(page.messages).toMatchObject([{ action: 'open' }])
})

test('what a page has taken over is not found again by the next one', async () => {
  const page = fakeWindow({ takes: isRing })
  const { environment } = await clicked(ringPush(), 'answer', { windows: [page] })
  expect(await takePendingAction(environment.store, environment.now())).toBeNull()
})

test('with no window open, one opens on the ring; the answer waits in the store, not in the address', async () => {
  const { environment, opened } = await clicked(ringPush(), 'answer', {})
  expect(opened).toEqual([ringUrl])
  const taken = await takePendingAction(environment.store, environment.now())
  expect(taken).toEqual({ sessionId: 'S', callerUid: 'ana', action: 'answer' })
  expect(await takePendingAction(environment.store, environment.now())).toBeNull()
})

test('an answer that nobody fetched for two minutes answers nothing any more', async () => {
  const { environment } = await clicked(ringPush(), 'answer', {})
  expect(await takePendingAction(environment.store, (nowSeconds + 121) * 1000)).toBeNull()
})

test('a page that does not answer within 800 ms is sent to the ring', async () => {
  const page = fakeWindow()
  const { environment, opened } = await clicked(ringPush(), 'answer', {
    windows: [page],
    elapsedMs: [800],
  })
  expect(page.log).toEqual(['focus', 'message incoming_call_click', `navigate ${ringUrl}`])
  expect(opened).toEqual([])
  expect(await takePendingAction(environment.store, environment.now())).toMatchObject({
    action: 'answer',
  })
})

test('a page that neither answers nor can be sent is left alone, and a window opens', async () => {
  const page = fakeWindow({ canNavigate: false })
  const options = { windows: [page], elapsedMs: [800] }
  const { opened } = await clicked(ringPush(), '', options)
  expect(opened).toEqual([ringUrl])
})

test('a page that may not be focused is told all the same', async () => {
  const page = fakeWindow({ canFocus: false, takes: isRing })
  const { opened } = await clicked(ringPush(), 'answer', { windows: [page] })
  expect(page.messages).toHaveLength(1)
  expect(opened).toEqual([])
})

test('a page outside of our control is focused only once it answered, so that a window can still open', async () => {
  const deaf = fakeWindow({ isControlled: false })
  const options = { windows: [deaf], elapsedMs: [800] }
  const { opened } = await clicked(ringPush(), 'answer', options)
  expect(deaf.log).toEqual(['message incoming_call_click'])
  expect(opened).toEqual([ringUrl])

  const hearing = fakeWindow({ isControlled: false, takes: isRing })
  await clicked(ringPush(), 'answer', { windows: [hearing] })
  expect(hearing.log).toEqual(['message incoming_call_click', 'focus'])
})

test('of several windows the visible one is taken', async () => {
  const hidden = fakeWindow({ id: 'hidden', isVisible: false, takes: () => true })
  const visible = fakeWindow({ id: 'visible', takes: () => true })
  await clicked(chatPush(), '', { windows: [hidden, visible] })
  expect(hidden.messages).toEqual([])
  expect(visible.messages).toEqual([{ type: 'notification_click', path: '/chats/C' }])
})

test('a missed call opens what became of it, never the ring', async () => {
  const page = fakeWindow({ takes: () => true })
  await clicked(missedPush(), '', { windows: [page] })
  expect(page.messages).toEqual([{ type: 'notification_click', path: '/calls/S' }])
})

test('a ring that came too late opens what became of it and answers nothing', async () => {
  const page = fakeWindow({ takes: () => true })
  const late = ringPush({ ts: nowSeconds - 60, exp: nowSeconds - 30 })
  await clicked(late, '', { windows: [page] })
  expect(page.messages).toEqual([
    { type: 'notification_click', path: '/calls/incoming?sessionId=S' },
  ])
})

test('declining tells the server with the capability of the push, and opens nothing', async () => {
  const page = fakeWindow({ takes: () => true })
  const { requests, opened, shown } = await clicked(ringPush(), 'decline', { windows: [page] })
  expect(requests).toEqual([
    { path: '/api/calls/S/decline', body: { receipt: 'receipt-1' } },
    { path: '/api/push-receipts', body: { receipt: 'receipt-1', event: 'clicked' } },
  ])
  expect(page.log).toEqual([])
  expect(opened).toEqual([])
  expect(shown).toEqual([])
})

test('declining a call that is already over is no failure', async () => {
  const { shown } = await clicked(ringPush(), 'decline', { answer: () => answerWith(409, {}) })
  expect(shown).toEqual([])
})

test('when declining fails, a notification says so and leads to the call', async () => {
  for (const answer of [answerWith(503, {}), new TypeError('Failed to fetch')]) {
    const { shown } = await clicked(ringPush(), 'decline', { answer: () => answer })
    expect(shown).toHaveLength(1)
    expect(shown[0]).toMatchObject({
      title: 'Declining failed',
      settings: { body: 'Open the call', tag: 'call-S', data: { navigate: ringUrl } },
    })
  }
})

test('a server that does not answer a decline within 10 s counts as a failure', async () => {
  const { shown } = await clicked(ringPush(), 'decline', {
    elapsedMs: [10_000],
    answer: () => ({ ok: true, status: 200, json: () => new Promise(() => {}) }),
  })
  expect(shown).toHaveLength(1)
})

test('after declining, a copy of the ring does not ring again', async () => {
  const { environment, shown } = await clicked(ringPush(), 'decline', {})
  await onPush(ringPush(), environment)
  expect(shown).toMatchObject([
    { title: 'Call declined', settings: { body: 'Ana', silent: true, actions: [] } },
  ])
})

test('a notification of another product opens the root of the app', async () => {
  const { environment, opened } = fakeWorker()
  for (const data of [null, undefined, 'text', { navigate: 'javascript:alert(1)' }]) {
    const notification: ShownNotification = { tag: '', data, close() {} }
    await onNotificationClick({ action: '', notification }, environment)
  }
  expect(opened).toEqual([app, app, app, app])
})

test('waving a notification away is receipted as dismissed, and declines nothing', async () => {
  const { environment, standing, requests } = fakeWorker()
  await onPush(ringPush(), environment)
  const [notification] = standing
  if (!notification) throw new Error('nothing was shown')
  notification.close()
  await onNotificationClose({ notification }, environment)
  expect(requests.map(({ body }) => body)).toEqual([
    { receipt: 'receipt-1', event: 'shown' },
    { receipt: 'receipt-1', event: 'dismissed' },
  ])
})

test('a notification that was replaced under its tag was not dismissed', async () => {
  const { environment, standing, requests } = fakeWorker()
  await onPush(ringPush(), environment)
  const [replaced] = standing
  if (!replaced) throw new Error('nothing was shown')
  await onPush(missedPush(), environment)
  await onNotificationClose({ notification: replaced }, environment)
  expect(requests.map(({ body }) => body)).not.toContainEqual({
    receipt: 'receipt-1',
    event: 'dismissed',
  })
})

test('the close that Firefox reports for a click is not a dismissal', async () => {
  const { environment, standing, requests } = fakeWorker()
  await onPush(chatPush(), environment)
  const [notification] = standing
  if (!notification) throw new Error('nothing was shown')
  const click = onNotificationClick({ action: '', notification }, environment)
  await onNotificationClose({ notification }, environment)
  await click
  expect(requests.map(({ body }) => body)).toEqual([
    { receipt: 'receipt-1', event: 'shown' },
    { receipt: 'receipt-1', event: 'clicked' },
  ])
})
