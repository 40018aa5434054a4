import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const page = readFileSync(join(import.meta.dirname, '../docs/scale.md'), 'utf8')
const sums = [...page.matchAll(/`([\d.,]+(?: [×/+-] [\d.,]+)+) = ([\d.,]+)`/g)]

const numberOf = (text: string): number => Number(text.replaceAll(',', ''))

/** `a × b / c`, from left to right. */
function product(text: string): number {
  const [first = '', ...steps] = text.split(/ (?=[×/] )/)
  return steps.reduce((value, step) => {
    const factor = numberOf(step.slice(2))
    return step.startsWith('×') ? value * factor : value / factor
  }, numberOf(first))
}

function valueOf(text: string): number {
  return text.split(' + ').reduce((total, part) => total + product(part), 0)
}

test('the page shows its arithmetic', () => {
  expect(sums.length).toBeGreaterThan(25)
  const spans = [...page.matchAll(/`[^`\n]* = [^`\n]*`/g)]
  expect(spans.length).toBe(sums.length)
})

test.each(sums.map(([sum = '', left = '', right = '']) => ({ sum, left, right })))(
  '$sum',
  ({ left, right }) => {
    const decimals = right.split('.')[1]?.length ?? 0
    // Rounded to the digits that are shown, or up to a whole process or cell.
    const isRounded = Math.abs(valueOf(left) - numberOf(right)) <= 0.5 / 10 ** decimals + 1e-9
    const isRoundedUp = decimals === 0 && Math.ceil(valueOf(left)) === numberOf(right)
    expect({ value: valueOf(left), isRight: isRounded || isRoundedUp }).toMatchObject({
      isRight: true,
    })
  },
)
