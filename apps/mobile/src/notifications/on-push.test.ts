import { expect, test } from '@jest/globals'
import { anaCalls, fakePhone, startMs } from '../../test/fake-phone.ts'
import { pushHandler } from './on-push.ts'
import type { CallEnded, IncomingCall } from './push-data.ts'

const answeredElsewhere: CallEnded = {
  type: 'call_ended',
  id: 'delivery-2',
  tag: 'call-S',
  sessionId: 'S',
  callerName: 'Ana',
  ts: startMs / 1000 + 5,
  exp: startMs / 1000 + 30,
  receipt: 'receipt-2',
  path: '/calls/S',
  title: 'Answered on another device',
  body: 'Ana',
}

const shownReceipt = { path: '/api/push-receipts', body: { receipt: 'receipt-1', event: 'shown' } }

test('a ring is drawn with who calls and how, and the server learns that it was shown', async () => {
  const phone = fakePhone()
  expect(await pushHandler(phone)(anaCalls)).toBe('ringing')
  expect(phone.shown.get('call-S')).toEqual({
    kind: 'ring',
    title: 'Ana is calling',
    body: 'Video call',
    data: anaCalls,
  })
  expect(phone.posts).toEqual([shownReceipt])
})

test('a caller without a name still rings', async () => {
  const phone = fakePhone()
  await pushHandler(phone)({ ...anaCalls, callerName: '', media: 'audio' })
  expect(phone.shown.get('call-S')).toMatchObject({ title: 'Incoming call', body: 'Audio call' })
})

test('a ring that came after its time does not ring: it is a missed call, quietly', async () => {
  const phone = fakePhone()
  phone.state.nowMs = startMs + 30_000
  expect(await pushHandler(phone)(anaCalls)).toBe('too_late')
  expect(phone.showings).toMatchObject([
    { kind: 'note', title: 'Missed call from Ana', data: { type: 'missed_call' } },
  ])
  expect(phone.scheduled.size).toBe(0)
  expect(phone.posts).toEqual([shownReceipt])
})

test('one second before its end it still rings', async () => {
  const phone = fakePhone()
  phone.state.nowMs = startMs + 29_000
  expect(await pushHandler(phone)(anaCalls)).toBe('ringing')
})

test('a phone whose clock is an hour behind does not ring for a call that is over', async () => {
  const phone = fakePhone()
  const onPush = pushHandler(phone)
  phone.state.nowMs = startMs - 3_600_000
  // An earlier push has told the server's time.
  await onPush({ ...answeredElsewhere, sessionId: 'earlier', tag: 'call-earlier' })
  phone.state.nowMs += 40_000
  expect(await onPush(anaCalls)).toBe('too_late')
})

test('a phone whose clock is an hour behind rings in time, and stops in time', async () => {
  const phone = fakePhone()
  phone.state.nowMs = startMs - 3_600_000
  expect(await pushHandler(phone)(anaCalls)).toBe('ringing')
  expect(phone.scheduled.get('call-S')?.atMs).toBe(startMs - 3_600_000 + 30_000)
})

test('a ring of which nothing more is heard becomes a missed call by itself at its end', async () => {
  const phone = fakePhone()
  await pushHandler(phone)(anaCalls)
  expect(phone.scheduled.get('call-S')).toEqual({
    atMs: startMs + 30_000,
    note: expect.objectContaining({ kind: 'note', title: 'Missed call from Ana' }),
  })
})

test('the same delivery twice rings once', async () => {
  const phone = fakePhone()
  const onPush = pushHandler(phone)
  expect(await Promise.all([onPush(anaCalls), onPush(anaCalls)])).toEqual(['ringing', 'repeated'])
  expect(phone.showings).toHaveLength(1)
  expect(phone.posts).toHaveLength(1)
})

test('the same delivery does not ring again after the app was stopped', async () => {
  const phone = fakePhone()
  await pushHandler(phone)(anaCalls)
  phone.shown.clear()
  expect(await pushHandler(phone)(anaCalls)).toBe('repeated')
  expect(phone.shown.size).toBe(0)
})

test('a call that ended before its ring came does not ring', async () => {
  const phone = fakePhone()
  const onPush = pushHandler(phone)
  expect(await onPush(answeredElsewhere)).toBe('stopped')
  expect(await onPush(anaCalls)).toBe('over')
  expect(phone.showings).toEqual([])
  // Nothing was shown, so nothing is claimed to have been.
  expect(phone.posts).toEqual([])
})

test('the end takes the place of the ring, under the same tag, and nothing is left to ring later', async () => {
  const phone = fakePhone()
  const onPush = pushHandler(phone)
  await onPush(anaCalls)
  expect(await onPush(answeredElsewhere)).toBe('replaced')
  expect([...phone.shown.values()]).toMatchObject([
    { kind: 'note', title: 'Answered on another device', body: 'Ana' },
  ])
  expect(phone.scheduled.size).toBe(0)
})

test('an end without words takes the ring away', async () => {
  const phone = fakePhone()
  const onPush = pushHandler(phone)
  await onPush(anaCalls)
  expect(await onPush({ ...answeredElsewhere, title: '', body: '' })).toBe('stopped')
  expect(phone.shown.size).toBe(0)
})

test('an end that comes while its ring is being drawn still stops it', async () => {
  const phone = fakePhone()
  const slow: { draw: () => void } = { draw: () => undefined }
  const drawn = new Promise<void>((resolve) => {
    slow.draw = resolve
  })
  const onPush = pushHandler({
    ...phone,
    notifier: {
      ...phone.notifier,
      async show(note) {
        if (note.kind === 'ring') await drawn
        await phone.notifier.show(note)
      },
    },
  })
  const outcomes = Promise.all([onPush(anaCalls), onPush(answeredElsewhere)])
  // Long enough for the end to overtake, were it not kept behind.
  await new Promise(setImmediate)
  slow.draw()
  expect(await outcomes).toEqual(['ringing', 'replaced'])
  expect(phone.shown.get('call-S')?.kind).toBe('note')
})

test('a ring that cannot be drawn does not keep the next call from ringing', async () => {
  const phone = fakePhone()
  let isBroken = true
  const onPush = pushHandler({
    ...phone,
    notifier: {
      ...phone.notifier,
      async show(note) {
        if (isBroken) throw new Error('no channel')
        await phone.notifier.show(note)
      },
    },
  })
  await expect(onPush(anaCalls)).rejects.toThrow('no channel')
  isBroken = false
  const next: IncomingCall = { ...anaCalls, id: 'delivery-9', sessionId: 'T', tag: 'call-T' }
  expect(await onPush(next)).toBe('ringing')
  // It was not shown, so its repetition may ring.
  expect(await onPush(anaCalls)).toBe('ringing')
})

test('the phone leaves the ring to a page in front that rings, and says that it was shown', async () => {
  const phone = fakePhone()
  phone.state.pageTakes = true
  expect(await pushHandler(phone)(anaCalls)).toBe('left_to_page')
  expect(phone.showings).toEqual([])
  expect(phone.posts).toEqual([shownReceipt])
})

test('a missed call that the system draws over the ring ends it for good', async () => {
  const phone = fakePhone()
  const onPush = pushHandler(phone)
  await onPush(anaCalls)
  expect(await onPush({ ...anaCalls, type: 'missed_call', id: 'delivery-3' })).toBe('not_ours')
  expect(phone.scheduled.size).toBe(0)
  expect(await onPush({ ...anaCalls, id: 'delivery-4' })).toBe('over')
})

test('messages and tests are drawn by the system, not twice', async () => {
  const phone = fakePhone()
  const { sessionId: _, callerName: __, media: ___, ...message } = anaCalls
  expect(await pushHandler(phone)({ ...message, type: 'chat_message' })).toBe('not_ours')
  expect(phone.showings).toEqual([])
})

test('a push without a receipt posts nothing', async () => {
  const phone = fakePhone()
  await pushHandler(phone)({ ...anaCalls, receipt: '' })
  expect(phone.posts).toEqual([])
})
