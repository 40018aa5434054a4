import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { problems } from '../../src/api/problem.ts'

const root = join(import.meta.dirname, '../../..')
const page = readFileSync(join(root, 'docs/errors.md'), 'utf8')
const explained = Array.from(page.matchAll(/^### `([A-Z0-9_]+)`\n(.*)$/gm), ([, code, text]) => ({
  code: String(code),
  text: String(text),
}))

/** Nobody outside meets these: they are about our own mistakes, or the cause below another code. */
const innerCodes = [
  'DATA_FILE_CLOSED',
  'DISK_FULL',
  'FAILPOINT',
  'LOST_RACE',
  'NOT_READY',
  'UNEXPECTED_COLUMN',
  'UNEXPECTED_DOCUMENT',
]

/** The words of a union type: `| 'A' | 'B'`. */
function unionIn(path: string): string[] {
  const source = readFileSync(join(root, path), 'utf8')
  return Array.from(source.matchAll(/^ {2}\| '([A-Z0-9_]+)'$/gm), ([, code]) => String(code))
}

/** Codes of error classes: `readonly code = 'X'`, and the table of `listen.ts`. */
function thrownCodes(): string[] {
  const files = globSync('server/src/**/*.ts', { cwd: root }).filter(
    (file) => !file.endsWith('.test.ts'),
  )
  return files.flatMap((file) => {
    const source = readFileSync(join(root, file), 'utf8')
    const own = source.matchAll(/readonly code = '([A-Z0-9_]+)'/g)
    const listed = source.matchAll(/E[A-Z]+: \[\s*'([A-Z0-9_]+)'/g)
    return [...own, ...listed].map(([, code]) => String(code))
  })
}

test('every code that the sources can give is explained, once, and no other', () => {
  const subscription = unionIn('packages/web-push/src/subscription/parsed-subscription.ts')
  expect(subscription.length).toBeGreaterThan(15)
  const inSources = new Set([...Object.keys(problems), ...subscription, ...thrownCodes()])
  for (const inner of innerCodes) inSources.delete(inner)
  const onPage = explained.map(({ code }) => code)
  expect(new Set(onPage)).toEqual(inSources)
  expect(onPage).toHaveLength(new Set(onPage).size)
})

test('what the page says of a code begins with the status that the API gives', () => {
  for (const { code, text } of explained) {
    const problem = new Map(Object.entries(problems)).get(code)
    if (problem === undefined || problem[0] === 422) continue
    expect([code, text.split('.')[0]]).toEqual([code, String(problem[0])])
  }
})

test('every code is explained in words', () => {
  for (const { code, text } of explained) expect([code, text.length > 20]).toEqual([code, true])
})
