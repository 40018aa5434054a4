import { expect, test } from 'vitest'
import { createDrafts } from '../src/model/drafts.ts'
import { memoryStorage } from '../src/model/storage.ts'

test('a draft is kept for each conversation, and is there after a restart', () => {
  const storage = memoryStorage()
  const drafts = createDrafts(storage, 'bob')
  drafts.set('c-1', 'About the key, I think we')
  drafts.set('c-2', 'Four is fine')

  const again = createDrafts(storage, 'bob')
  expect(again.get('c-1')).toBe('About the key, I think we')
  expect(again.get('c-2')).toBe('Four is fine')
  expect(again.get('c-3')).toBe('')
})

test('one person does not see what another began in the same browser', () => {
  const storage = memoryStorage()
  createDrafts(storage, 'bob').set('c-1', 'secret')
  expect(createDrafts(storage, 'ana').get('c-1')).toBe('')
})

test('an emptied draft is forgotten', () => {
  const storage = memoryStorage()
  const drafts = createDrafts(storage, 'bob')
  drafts.set('c-1', 'x')
  drafts.set('c-1', '  ')
  expect(drafts.snapshot().size).toBe(0)
  expect(storage.getItem('belfry.drafts.bob')).toBe('{}')
})

test('a storage that is full loses nothing while the page is open', () => {
  const full = {
    ...memoryStorage(),
    setItem() {
      throw new Error('QuotaExceededError')
    },
  }
  const drafts = createDrafts(full, 'bob')
  drafts.set('c-1', 'still here')
  expect(drafts.get('c-1')).toBe('still here')
})
