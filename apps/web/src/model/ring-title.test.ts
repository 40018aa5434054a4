import { expect, test } from 'vitest'
import { createRingTitle } from './ring-title.ts'

function aWindow(title: string) {
  const window = { title }
  return {
    window,
    place: {
      read: () => window.title,
      write(next: string) {
        window.title = next
      },
    },
  }
}

test('the title takes turns between the caller and the page, and comes back', () => {
  const { window, place } = aWindow('Chats · Belfry')
  const title = createRingTitle(place, () => false)
  const seen = ['Ana', 'Ana', 'Ana', null].map((name) => {
    title.show(name)
    return window.title
  })
  expect(seen).toEqual(['Ana is calling', 'Chats · Belfry', 'Ana is calling', 'Chats · Belfry'])
})

test('with reduced motion it stays on the caller', () => {
  const { window, place } = aWindow('Chats · Belfry')
  const title = createRingTitle(place, () => true)
  title.show('Ana')
  title.show('Ana')
  expect(window.title).toBe('Ana is calling')
})

test('a page that names itself meanwhile keeps its new name', () => {
  const { window, place } = aWindow('Chats · Belfry')
  const title = createRingTitle(place, () => false)
  title.show('Ana')
  window.title = 'Rehearsal · Belfry'
  title.show(null)
  expect(window.title).toBe('Rehearsal · Belfry')
})
