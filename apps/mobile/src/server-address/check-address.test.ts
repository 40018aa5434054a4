import { expect, test } from '@jest/globals'
import { addressWords } from './address-words.ts'
import { checkAddress, type FetchedAnswer } from './check-address.ts'

const origin = 'https://chat.example'

function answering(answer: Partial<FetchedAnswer>) {
  const asked: string[] = []
  return {
    asked,
    async fetchAnswer(url: string): Promise<FetchedAnswer> {
      asked.push(url)
      return { ok: true, status: 200, url, json: async () => ({ vapidPublicKey: 'B…' }), ...answer }
    },
  }
}

test('a Belfry server is known by its push configuration', async () => {
  const server = answering({})
  expect(await checkAddress(origin, server.fetchAnswer)).toEqual({ kind: 'found' })
  expect(server.asked).toEqual(['https://chat.example/api/push/config'])
})

test('another web page is not taken for one', async () => {
  const notFound = answering({ ok: false, status: 404 })
  expect(await checkAddress(origin, notFound.fetchAnswer)).toEqual({
    kind: 'not_belfry',
    status: 404,
  })
  const html = answering({ json: () => Promise.reject(new SyntaxError('<!doctype')) })
  expect(await checkAddress(origin, html.fetchAnswer)).toEqual({ kind: 'not_belfry', status: 200 })
  const other = answering({ json: async () => ({ ok: true }) })
  expect(await checkAddress(origin, other.fetchAnswer)).toEqual({ kind: 'not_belfry', status: 200 })
})

test('a server that has moved is named, not followed', async () => {
  const moved = answering({ url: 'https://new.example/api/push/config' })
  const found = await checkAddress(origin, moved.fetchAnswer)
  expect(found).toEqual({ kind: 'moved', origin: 'https://new.example' })
  expect(addressWords(found)).toBe(
    'This server has moved to https://new.example. Enter that address.',
  )
})

test('no answer is told as no answer', async () => {
  const found = await checkAddress(origin, () =>
    Promise.reject(new TypeError('Network request failed')),
  )
  expect(found).toEqual({ kind: 'unreachable' })
  expect(addressWords(found)).toMatch(/Check the address and your connection/)
})
