import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { Composer } from '../src/ui/chats/composer.tsx'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

function write(text: string) {
  const onSend = vi.fn()
  vi.stubGlobal('CSS', { supports: () => true })
  vi.stubGlobal('matchMedia', () => ({ matches: false }))
  render(<Composer label="Message Ana" text={text} onChange={() => undefined} onSend={onSend} />)
  return { onSend, field: screen.getByRole('textbox', { name: 'Message Ana' }) }
}

test('Enter sends, without the blanks around', () => {
  const { field, onSend } = write('  Four is fine \n')
  fireEvent.keyDown(field, { key: 'Enter' })
  expect(onSend).toHaveBeenCalledExactlyOnceWith('Four is fine')
})

test('Shift and Enter breaks the line', () => {
  const { field, onSend } = write('Four')
  const isLeftToTheField = fireEvent.keyDown(field, { key: 'Enter', shiftKey: true })
  expect(isLeftToTheField).toBe(true)
  expect(onSend).not.toHaveBeenCalled()
})

test('Enter that chooses a word of an input method sends nothing', () => {
  const { field, onSend } = write('よ')
  fireEvent.keyDown(field, { key: 'Enter', isComposing: true })
  expect(onSend).not.toHaveBeenCalled()
})

test('nothing but blanks cannot be sent', () => {
  const { field, onSend } = write(' \n ')
  fireEvent.keyDown(field, { key: 'Enter' })
  expect(onSend).not.toHaveBeenCalled()
  expect(screen.getByRole('button', { name: 'Send' })).toHaveProperty('disabled', true)
})

test('a message that is too long says so, and is not cut', () => {
  const { field, onSend } = write('x'.repeat(8001))
  fireEvent.keyDown(field, { key: 'Enter' })
  expect(onSend).not.toHaveBeenCalled()
  expect(screen.getByRole('alert').textContent).toBe('8001 of 8000 characters. Send it in parts.')
})
