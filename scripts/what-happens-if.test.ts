import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const page = read('docs/what-happens-if.md')
const sources = globSync('{server,packages}/**/src/**/*.ts', {
  cwd: root,
  exclude: ['**/node_modules/**', '**/*.test.ts'],
})
  .map(read)
  .join('\n')

const proofs = [...page.matchAll(/\[“([^”]+)”\]\(\.\.\/([^)]+)\)/g)]
const quoted = [...page.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text)

test('every claim names a test that there is', () => {
  expect(proofs.length).toBeGreaterThan(30)
  const missing = proofs.filter(([, sentence = '', file = '']) => !read(file).includes(sentence))
  expect(missing.map(([link]) => link)).toEqual([])
})

test('every entry has a proof', () => {
  const entries = page.split(/^### /m).slice(1)
  expect(entries.length).toBeGreaterThan(15)
  const bare = entries.filter((entry) => !entry.includes('\nProof: [“'))
  expect(bare.map((entry) => entry.split('\n')[0])).toEqual([])
})

test('every log line, metric, code and setting on it is one that the program has', () => {
  const lines = quoted
    .filter((text) => /^[A-Z]\w+: \w/.test(text))
    // The name of the channel is put before it.
    .map((text) => text.replace(/^(WebPush|ExpoPush): (?=the push service)/, ''))
  const metrics = quoted.flatMap((text) => /^belfry_[a-z_]+/.exec(text) ?? [])
  const names = quoted.flatMap((text) => /^[A-Z]+(_[A-Z]+)+$/.exec(text) ?? [])
  expect(lines.length).toBeGreaterThan(8)
  expect(metrics.length).toBeGreaterThan(3)
  expect(names.length).toBeGreaterThan(3)
  expect([...lines, ...metrics, ...names].filter((text) => !sources.includes(text))).toEqual([])
})
