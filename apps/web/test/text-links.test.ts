import { expect, test } from 'vitest'
import { textParts } from '../src/model/text-links.ts'

const links = (text: string) =>
  textParts(text).flatMap((part) => (part.href === null ? [] : [[part.text, part.href]]))

test('addresses in a message can be clicked', () => {
  expect(links('See https://lindenhof.example/halls?week=47.')).toEqual([
    ['https://lindenhof.example/halls?week=47', 'https://lindenhof.example/halls?week=47'],
  ])
  expect(links('drawn: lindenhof.example/east-stair')).toEqual([
    ['lindenhof.example/east-stair', 'https://lindenhof.example/east-stair'],
  ])
  expect(links('write to ana@lindenhof.example')).toEqual([
    ['ana@lindenhof.example', 'mailto:ana@lindenhof.example'],
  ])
})

test('the full stop and the bracket around an address are not part of it', () => {
  expect(links('(see www.lindenhof.example/a), or not')).toEqual([
    ['www.lindenhof.example/a', 'https://www.lindenhof.example/a'],
  ])
  expect(links('https://en.wikipedia.org/wiki/Belfry_(architecture)')).toEqual([
    [
      'https://en.wikipedia.org/wiki/Belfry_(architecture)',
      'https://en.wikipedia.org/wiki/Belfry_(architecture)',
    ],
  ])
})

test('nothing but http, https and mailto becomes a link', () => {
  expect(links('javascript:alert(1) data:text/html,x file:///etc/passwd')).toEqual([])
})

test('plain text stays as it was written', () => {
  const text = 'At 14.30, e.g. in the hall: 3.5 m, v1.2 …\n  <b>no</b>'
  expect(textParts(text)).toEqual([{ text, href: null }])
})

test('all parts together are the whole text', () => {
  const text = 'a https://x.example/1, b y.example/2. c'
  expect(
    textParts(text)
      .map((part) => part.text)
      .join(''),
  ).toBe(text)
})
