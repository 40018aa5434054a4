import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  at,
  listAt,
  refusal,
  startTestServer,
  type TestPerson,
  type TestServer,
} from '../support/test-server.ts'

let server: TestServer
let ana: TestPerson
let bob: TestPerson
let eve: TestPerson

beforeAll(async () => {
  server = await startTestServer()
  ana = await server.person('ana')
  bob = await server.person('bob')
  eve = await server.person('eve')
})
afterAll(() => server.close())

async function begin(person: TestPerson, body: unknown): Promise<string> {
  return String(at((await person.ask('POST', '/api/conversations', body)).body, 'id'))
}
const write = (person: TestPerson, id: string, body: unknown) =>
  person.ask('POST', `/api/conversations/${id}/messages`, body)
const read = async (person: TestPerson, id: string, query = '') =>
  listAt((await person.ask('GET', `/api/conversations/${id}/messages${query}`)).body, 'messages')

test('two people have one conversation, whoever begins it and however often', async () => {
  const first = await ana.ask('POST', '/api/conversations', { memberIds: [bob.id] })
  expect(first.status).toBe(201)
  expect(first.body).toMatchObject({ id: expect.any(String), title: null, unreadCount: 0 })
  const members = listAt(first.body, 'members').map((member) => at(member, 'id'))
  expect(new Set(members)).toEqual(new Set([ana.id, bob.id]))
  const again = await Promise.all([
    bob.ask('POST', '/api/conversations', { memberIds: [ana.id] }),
    ana.ask('POST', '/api/conversations', { memberIds: [bob.id, bob.id, ana.id] }),
  ])
  for (const answer of again)
    expect([answer.status, at(answer.body, 'id')]).toEqual([200, at(first.body, 'id')])
})

test('begun at once by both, it is still one', async () => {
  const dan = await server.person('dan')
  const answers = await Promise.all(
    [dan, eve, dan, eve].map((who) =>
      who.ask('POST', '/api/conversations', { memberIds: [who === dan ? eve.id : dan.id] }),
    ),
  )
  expect(new Set(answers.map((answer) => at(answer.body, 'id'))).size).toBe(1)
  expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1)
})

test('a group is a new one each time, and may have a title', async () => {
  const group = { memberIds: [bob.id, eve.id] }
  expect(await begin(ana, group)).not.toBe(await begin(ana, group))
  const titled = { ...group, title: ' Trip ' }
  const answer = await ana.ask('POST', '/api/conversations', titled)
  expect([answer.status, at(answer.body, 'title')]).toEqual([201, 'Trip'])
  expect(await begin(ana, titled)).not.toBe(at(answer.body, 'id'))
})

test('two people have one conversation, whatever title either gives it, and it bears none', async () => {
  const fay = await server.person('fay')
  const gus = await server.person('gus')
  const first = await fay.ask('POST', '/api/conversations', { memberIds: [gus.id], title: 'Trip' })
  expect([first.status, at(first.body, 'title')]).toEqual([201, null])
  for (const body of [{ memberIds: [fay.id] }, { memberIds: [fay.id], title: 'Other' }]) {
    const again = await gus.ask('POST', '/api/conversations', body)
    expect([again.status, at(again.body, 'id'), at(again.body, 'title')]).toEqual([
      200,
      at(first.body, 'id'),
      null,
    ])
  }
  await gus.ask('POST', `/api/conversations/${String(at(first.body, 'id'))}/messages`, {
    text: 'hi',
  })
  expect((await fay.ask('GET', '/api/conversations')).text).not.toMatch(/Trip|Other/)
})

test.each<[unknown, [number, string]]>([
  [{ memberIds: [] }, [400, 'INVALID_REQUEST']],
  [{}, [400, 'INVALID_REQUEST']],
  [{ memberIds: 'bob' }, [400, 'INVALID_REQUEST']],
  [{ memberIds: [{ $ne: null }] }, [400, 'INVALID_REQUEST']],
  [{ memberIds: ['x\r\ny'] }, [400, 'INVALID_REQUEST']],
  [{ memberIds: ['a'.repeat(256)] }, [400, 'INVALID_REQUEST']],
  [{ memberIds: ['nobody'] }, [422, 'UNKNOWN_MEMBER']],
  [{ memberIds: ['__proto__'] }, [422, 'UNKNOWN_MEMBER']],
])('a conversation of %j cannot begin', async (body, expected) => {
  expect(refusal(await ana.ask('POST', '/api/conversations', body))).toEqual(expected)
})

test('a conversation with oneself, or with a title of two lines, cannot begin', async () => {
  const alone = await ana.ask('POST', '/api/conversations', { memberIds: [ana.id] })
  expect(refusal(alone)).toEqual([422, 'NO_OTHER_MEMBER'])
  const title = await ana.ask('POST', '/api/conversations', { memberIds: [bob.id], title: 'a\nb' })
  expect(refusal(title)).toEqual([400, 'INVALID_REQUEST'])
})

test('a message is answered whole, and everybody in the conversation reads it', async () => {
  const id = await begin(ana, { memberIds: [bob.id] })
  const sent = await write(ana, id, { text: 'see you at eight?', clientMessageId: 'c-1' })
  expect(sent.status).toBe(201)
  expect(sent.body).toEqual({
    id: expect.any(String),
    conversationId: id,
    senderId: ana.id,
    text: 'see you at eight?',
    sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    clientMessageId: 'c-1',
    notified: false,
  })
  expect(await read(bob, id)).toEqual([sent.body])
  expect(await read(ana, id)).toEqual([sent.body])
})

test('the same clientMessageId gives the same message, also at once; of another person it is another', async () => {
  const id = await begin(ana, { memberIds: [bob.id, eve.id], title: 'repeats' })
  const body = { text: 'once', clientMessageId: 'same' }
  const answers = await Promise.all([
    write(ana, id, body),
    write(ana, id, body),
    write(ana, id, body),
  ])
  expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201])
  expect(new Set(answers.map((answer) => at(answer.body, 'id'))).size).toBe(1)
  const changed = await write(ana, id, { ...body, text: 'twice' })
  expect(at(changed.body, 'text')).toBe('once')
  await write(bob, id, body)
  expect(await read(ana, id)).toHaveLength(2)
})

test('messages are read newest first, page by page, without gap or repeat', async () => {
  const id = await begin(ana, { memberIds: [bob.id, eve.id], title: 'pages' })
  for (let each = 1; each <= 7; each += 1) await write(ana, id, { text: String(each) })
  const pages: unknown[][] = []
  let before = ''
  for (;;) {
    const page = await read(bob, id, `?limit=3&before=${before}`)
    if (page.length === 0) break
    pages.push(page.map((message) => at(message, 'text')))
    before = String(at(page.at(-1), 'id'))
  }
  expect(pages).toEqual([['7', '6', '5'], ['4', '3', '2'], ['1']])
})

test.each(['0', '201', '-1', '1.5', 'many', '1e9'])('a page of %s is refused', async (limit) => {
  const id = await begin(ana, { memberIds: [bob.id] })
  const answer = await ana.ask('GET', `/api/conversations/${id}/messages?limit=${limit}`)
  expect(refusal(answer)).toEqual([400, 'INVALID_REQUEST'])
})

test('a text has 1 to 8,000 characters, and an emoji is one', async () => {
  const id = await begin(ana, { memberIds: [bob.id, eve.id], title: 'lengths' })
  for (const text of ['a'.repeat(8000), '😀'.repeat(8000)]) {
    const sent = await write(ana, id, { text })
    expect([sent.status, at(sent.body, 'text') === text]).toEqual([201, true])
  }
  for (const text of [
    '',
    ' \n\t',
    '\u200B',
    '\u2060\uFEFF\u200D',
    '\u3164',
    'a'.repeat(8001),
    '😀'.repeat(8001),
    7,
    null,
    { $ne: '' },
  ])
    expect(refusal(await write(ana, id, { text }))).toEqual([400, 'INVALID_REQUEST'])
})

test.each([
  'two\r\nlines',
  'zero \u0000 byte',
  'right \u202E to left',
  'z\u0363\u0334a\u0367\u0321lgo',
  '👩‍👩‍👧‍👦',
  '<script>alert(1)</script>',
  "'; DROP TABLE messages; --",
  '__proto__',
])('the text %j comes back as it was written', async (text) => {
  const id = await begin(ana, { memberIds: [bob.id, eve.id], title: 'texts' })
  const sent = await write(ana, id, { text })
  expect([sent.status, at(sent.body, 'text')]).toEqual([201, text])
  expect((await read(bob, id)).map((message) => at(message, 'text'))).toEqual([text])
})

test('who is not in it sees nothing of it, whatever they send: 404 as for one that does not exist', async () => {
  const id = await begin(ana, { memberIds: [bob.id] })
  for (const conversation of [id, 'none', '__proto__', 'a'.repeat(300)]) {
    const path = `/api/conversations/${conversation}`
    const answers = await Promise.all([
      eve.ask('GET', path),
      eve.ask('GET', `${path}/messages`),
      eve.ask('GET', `${path}/messages?limit=nonsense`),
      eve.ask('POST', `${path}/messages`, { text: 'let me in' }),
      eve.askRaw('POST', `${path}/messages`, '{'),
      eve.ask('POST', `${path}/read`, {}),
    ])
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 6 }, () => 404))
  }
  const list = await eve.ask('GET', '/api/conversations')
  expect(list.text).not.toContain(id)
})

test('reading is noted once and only forward; unread messages are counted', async () => {
  const id = await begin(ana, { memberIds: [bob.id, eve.id], title: 'marks' })
  const first = String(at((await write(ana, id, { text: '1' })).body, 'id'))
  const second = String(at((await write(ana, id, { text: '2' })).body, 'id'))
  const seen = async () => {
    const answer = await bob.ask('GET', `/api/conversations/${id}`)
    return [at(answer.body, 'unreadCount'), at(answer.body, 'reads', 0, 'messageId')]
  }
  const mark = async (messageId: string) =>
    (await bob.ask('POST', `/api/conversations/${id}/read`, { messageId })).status
  expect(await seen()).toEqual([2, undefined])
  expect(await mark(first)).toBe(204)
  expect(await seen()).toEqual([1, first])
  expect(await mark(second)).toBe(204)
  expect(await mark(first)).toBe(204)
  expect(await seen()).toEqual([0, second])
})

test('a message of another conversation cannot be the one that was read', async () => {
  const id = await begin(ana, { memberIds: [bob.id] })
  const other = await begin(ana, { memberIds: [bob.id, eve.id], title: 'other' })
  const messageId = at((await write(ana, other, { text: '1' })).body, 'id')
  const path = `/api/conversations/${id}/read`
  expect(refusal(await bob.ask('POST', path, { messageId }))).toEqual([404, 'MESSAGE_NOT_FOUND'])
  expect(refusal(await bob.ask('POST', path, { messageId: 7 }))).toEqual([400, 'INVALID_REQUEST'])
})

test('conversations are listed by their newest activity, with what rings there', async () => {
  const kim = await server.person('kim')
  const old = await begin(kim, { memberIds: [ana.id] })
  const recent = await begin(kim, { memberIds: [bob.id] })
  await bob.subscribe()
  await bob.subscribe()
  const list = await kim.ask('GET', '/api/conversations')
  expect(listAt(list.body, 'conversations').map((each) => at(each, 'id'))).toEqual([recent, old])
  expect(at(list.body, 'conversations', 0, 'rings')).toEqual({ devices: 2, people: 1 })
  await write(ana, old, { text: 'again' })
  const after = await kim.ask('GET', '/api/conversations')
  expect(at(after.body, 'conversations', 0, 'lastMessage', 'text')).toBe('again')
})
