import { expect, test } from 'vitest'
import { createJournal } from './journal.ts'

test('a wait ignores what came before it and resolves with the first match after', async () => {
  const journal = createJournal<string>({ name: 'words', describe: (word) => word })
  journal.record('ring')
  const next = journal.next((word) => word.startsWith('r'))
  journal.record('hello')
  journal.record('ringing')
  journal.record('rung')
  expect(await next).toBe('ringing')
  expect(journal.entries).toEqual(['ring', 'hello', 'ringing', 'rung'])
})

test('a missed deadline says what was awaited and what was seen instead', async () => {
  const journal = createJournal<string>({ name: 'words', describe: (word) => `"${word}"` })
  journal.record('before')
  const next = journal.next((word) => word === 'ring', { awaited: 'a ring', timeoutMs: 1 })
  journal.record('hello')
  await expect(next).rejects.toMatchObject({
    code: 'E2E_DEADLINE',
    message: 'waited 1 ms for a ring; seen: "hello" (1 words before the wait began)',
  })
})

test('closing a journal rejects whoever still waits', async () => {
  const journal = createJournal<string>({ name: 'words', describe: (word) => word })
  const next = journal.next(() => true)
  journal.close()
  await expect(next).rejects.toThrow('words were closed')
})
