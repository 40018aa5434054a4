import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { onPush } from '../src/on-push.ts'
import { fakeWindow, fakeWorker, pushOf } from './fake-worker.ts'

const types = fc.constantFrom(
  'incoming_call',
  'call_ended',
  'missed_call',
  'chat_message',
  'test',
  'constructor',
)

/** Near enough to ours that the code gets past its first guards. */
const likeOurs = fc.record(
  {
    web_push: fc.constantFrom(8030, '8030', 8031),
    notification: fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          title: fc.oneof(fc.string(), fc.jsonValue()),
          body: fc.oneof(fc.string(), fc.jsonValue()),
          navigate: fc.oneof(fc.webUrl(), fc.string(), fc.jsonValue()),
          tag: fc.oneof(fc.string(), fc.jsonValue()),
          lang: fc.oneof(fc.string(), fc.jsonValue()),
          dir: fc.oneof(fc.constantFrom('rtl', 'ltr', 'up'), fc.jsonValue()),
          silent: fc.oneof(fc.boolean(), fc.jsonValue()),
          data: fc.oneof(
            fc.jsonValue(),
            fc.record(
              {
                type: types,
                id: fc.oneof(fc.string(), fc.jsonValue()),
                receipt: fc.oneof(fc.string(), fc.jsonValue()),
                ts: fc.oneof(fc.integer(), fc.double(), fc.jsonValue()),
                exp: fc.oneof(fc.integer(), fc.double(), fc.jsonValue()),
                sessionId: fc.oneof(fc.string(), fc.jsonValue()),
                callerName: fc.oneof(fc.string(), fc.jsonValue()),
                conversationId: fc.oneof(fc.string(), fc.jsonValue()),
                kind: fc.oneof(fc.string(), fc.jsonValue()),
              },
              { requiredKeys: ['type'] },
            ),
          ),
        },
        { requiredKeys: [] },
      ),
    ),
  },
  { requiredKeys: [] },
)

const texts = fc.oneof(
  fc.string(),
  fc.json(),
  fc.anything().map((value) => JSON.stringify(value, replaceBigInt) ?? ''),
  likeOurs.map((value) => JSON.stringify(value)),
)

function replaceBigInt(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

test('whatever comes, exactly one notification is shown and nothing is thrown', async () => {
  await fc.assert(
    fc.asyncProperty(texts, fc.boolean(), async (text, isWebKit) => {
      const { environment, shown } = fakeWorker({ isWebKit })
      expect(await onPush(pushOf(text), environment)).toBe('shown')
      expect(shown).toHaveLength(1)
      expect(shown[0]?.title).not.toBe('')
      expect(shown[0]?.settings.navigate).toMatch(/^https:\/\/app\.example\//)
    }),
    { numRuns: 500 },
  )
})

test('whatever WebKit hands over as a notification, exactly one is shown', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (notification) => {
      const { environment, shown } = fakeWorker({ isWebKit: true })
      expect(await onPush({ data: null, notification }, environment)).toBe('shown')
      expect(shown).toHaveLength(1)
    }),
    { numRuns: 200 },
  )
})

test('whatever comes while a page takes everything, it is shown once or taken once', async () => {
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const page = fakeWindow({ takes: () => true })
      const { environment, shown } = fakeWorker({ windows: [page] })
      const outcome = await onPush(pushOf(text), environment)
      expect(shown.length + page.messages.length).toBe(1)
      expect(outcome).toBe(shown.length === 1 ? 'shown' : 'left_to_page')
    }),
    { numRuns: 200 },
  )
})
