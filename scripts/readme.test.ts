import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const pages = [
  'README.md',
  'CHANGELOG.md',
  ...globSync('{docs,packages}/**/*.md', { cwd: root, exclude: ['**/node_modules/**'] }),
]

test('every piece of code in the README is a file that is type-checked', () => {
  const pieces = [...readme.matchAll(/<!-- (\S+) -->\n```ts\n([\s\S]*?)```/g)]
  expect(pieces.length).toBe([...readme.matchAll(/```ts/g)].length)
  for (const [, path = '', code] of pieces) {
    expect(readFileSync(join(root, path), 'utf8')).toBe(code)
  }
})

test('the test command of the README is what CI calls', () => {
  const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, command]) =>
    command?.trim(),
  )
  expect(commands).toEqual(['npm ci && npm start', 'npm ci && npm test'])
  expect(readFileSync(join(root, '.ci/run'), 'utf8')).toContain('\nnpm ci && npm test\n')
})

test.each(pages)('%s links to files that exist', (page) => {
  const text = readFileSync(join(root, page), 'utf8')
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
  const broken = links
    .filter((target) => !/^(https?:|mailto:|#)/.test(target))
    .filter((target) => !existsSync(join(root, dirname(page), target.replace(/#.*$/, ''))))
  expect(broken).toEqual([])
})
