import { expect, test } from 'vitest'
import { browserOnSystem, unblockGuides } from './unblock-steps.ts'

function names(name: string, os: string): readonly string[] {
  return unblockGuides({ name, os, mobile: false, label: '' }).map((guide) => guide.name)
}

test('the steps of the detected browser come first, the others after', () => {
  expect(names('Firefox', 'Linux')).toEqual(['Firefox', 'Chrome', 'Edge', 'Safari'])
  expect(names('Edge', 'Windows')).toEqual(['Edge', 'Firefox', 'Chrome', 'Safari'])
  expect(names('Firefox', 'Android')).toEqual(['Firefox', 'Chrome', 'Samsung Internet', 'Edge'])
})

test('a browser made from Chrome gets Chrome’s steps first', () => {
  expect(names('Brave', 'Linux')[0]).toBe('Chrome')
})

test('on an iPhone there is one way, in the system’s settings', () => {
  expect(names('Safari', 'iOS')).toEqual(['Home Screen app'])
})

test('a browser that says nothing of itself is called this browser', () => {
  expect(browserOnSystem({ name: 'Browser', os: '', mobile: false, label: '' })).toBe(
    'this browser',
  )
  expect(browserOnSystem({ name: 'Firefox', os: 'Linux', mobile: false, label: '' })).toBe(
    'Firefox on Linux',
  )
})
