import { expect, test } from 'vitest'
import { nextPath, signInPath } from '../src/app/next-path.ts'
import { conversationName, matchesNames, reachWords } from '../src/model/conversation-words.ts'
import { isMuted, withMuted } from '../src/model/muted.ts'
import { rowPreview } from '../src/model/row-preview.ts'
import { registerErrors, registerMistakes } from '../src/pages/sign-in/door-errors.ts'
import { avatarTone, groupInitials, initials } from '../src/ui/avatar-tone.ts'
import { ana, bob, conversationOf, messageOf, theo } from './message-of.ts'

test('signing in leads on to the deep link', () => {
  const place = { pathname: '/calls/incoming', search: '?sessionId=S', hash: '' }
  const door = signInPath(place)
  const [, search = ''] = door.split('?')
  expect(nextPath(new URLSearchParams(search))).toBe('/calls/incoming?sessionId=S')
})

test.each(['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', ''])(
  'signing in never leads away from the app: %s',
  (next) => expect(nextPath(new URLSearchParams({ next }))).toBe('/chats'),
)

test('a conversation is called by its title, or by who is in it besides me', () => {
  expect(conversationName(conversationOf(), 'bob')).toBe('Ana Ferreira')
  const group = conversationOf({ members: [bob, ana, theo] })
  expect(conversationName(group, 'bob')).toBe('Ana Ferreira, Théo Marchand')
  expect(conversationName({ ...group, title: 'Rehearsal' }, 'bob')).toBe('Rehearsal')
})

test('the header says what a call would do', () => {
  expect(reachWords({ devices: 0, people: 0 }, false)).toBe('Cannot be rung now')
  expect(reachWords({ devices: 1, people: 1 }, false)).toBe('Rings on 1 device')
  expect(reachWords({ devices: 2, people: 1 }, false)).toBe('Rings on 2 devices')
  expect(reachWords({ devices: 5, people: 3 }, true)).toBe('Rings on 5 devices of 3 people')
})

test('search finds people by the beginning of any word, without their accents', () => {
  expect(matchesNames('theo', ['Théo Marchand'])).toBe(true)
  expect(matchesNames('march th', ['Théo Marchand'])).toBe(true)
  expect(matchesNames('heo', ['Théo Marchand'])).toBe(false)
})

test('a row shows what was not sent, else what was begun, else the last message', () => {
  const conversation = conversationOf({
    members: [bob, ana, theo],
    lastMessage: messageOf({ sentAt: '2026-11-20T10:00:00Z', text: 'Four\n  is fine' }),
  })
  const row = { conversation, meId: 'bob', draft: '', unsent: null }
  const unsent = {
    clientMessageId: '1',
    conversationId: 'c-1',
    text: 'On my way',
    writtenAtMs: 0,
    state: 'waiting',
  } as const
  expect(rowPreview(row)).toEqual({ lead: 'Ana:', text: 'Four is fine', state: null })
  expect(rowPreview({ ...row, draft: 'Shall we' })).toMatchObject({ lead: 'Draft:' })
  expect(rowPreview({ ...row, draft: 'Shall we', unsent })).toEqual({
    lead: 'You:',
    text: 'On my way',
    state: 'sending',
  })
})

test('initials come from the first and the last name, a joined script gives one letter', () => {
  expect(initials('Maximiliane von Hohenfels-Bräunlich')).toBe('MH')
  expect(initials('noor')).toBe('No')
  expect(initials('سلمى الخطيب')).toBe('س')
  expect(initials('(!)')).toBe('?')
  expect(groupInitials('Stage and lights')).toBe('St')
})

test('an avatar keeps its colour, one of eight', () => {
  const tones = ['ana', 'bob', 'theo', 'priya', 'samuel', 'wei', 'noor', 'ines'].map(avatarTone)
  expect(tones.every((tone) => tone >= 1 && tone <= 8)).toBe(true)
  expect(new Set(tones).size).toBeGreaterThan(3)
  expect(avatarTone('ana')).toBe(avatarTone('ana'))
})

test('what is wrong with a registration is said at the field', () => {
  expect(registerMistakes('a b', 'short')).toEqual({
    username: 'Letters, digits and . _ @ + - only, no spaces.',
    password: 'Choose a password of at least 8 characters.',
  })
  expect(registerMistakes('ana', 'long enough')).toBeNull()
  const problem = { type: 'about:blank', title: 'Taken', status: 409, code: 'USERNAME_TAKEN' }
  expect(registerErrors(problem)).toEqual({ username: 'This username is taken.' })
})

test('a muted conversation says nothing until its time is over', () => {
  const preferences = withMuted(
    { chat: true, calls: true, preview: 'auto', muted: [] },
    'c-1',
    true,
  )
  expect(isMuted(preferences, 'c-1', 0)).toBe(true)
  expect(isMuted(preferences, 'c-2', 0)).toBe(false)
  expect(withMuted(preferences, 'c-1', false).muted).toEqual([])
  const until = {
    ...preferences,
    muted: [{ conversationId: 'c-1', until: '2026-11-20T15:00:00Z' }],
  }
  expect(isMuted(until, 'c-1', Date.parse('2026-11-20T14:59:59Z'))).toBe(true)
  expect(isMuted(until, 'c-1', Date.parse('2026-11-20T15:00:00Z'))).toBe(false)
})
