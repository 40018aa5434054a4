import { expect, test } from 'vitest'
import { createCapabilities } from './capabilities.ts'
import { expoTag } from './expo-tag.ts'

const capabilities = createCapabilities('a secret of the tests, long enough')

test('ids of ours are seen in the tag, longer ones of others are hashed: Apple takes 64 bytes', () => {
  const ours = '01a2104f-84fc-7213-bc93-a313f5794d37'
  expect(expoTag(capabilities, 'call', ours)).toBe(`call-${ours}`)
  const wide = expoTag(capabilities, 'chat', '漢'.repeat(20))
  expect(wide).toMatch(/^chat-[\w-]{32}$/)
  expect(expoTag(capabilities, 'chat', '漢'.repeat(21))).not.toBe(wide)
  expect(expoTag(capabilities, 'chat', '漢'.repeat(20))).toBe(wide)
  expect(expoTag(capabilities, 'call', 'x'.repeat(59))).toHaveLength(64)
})
