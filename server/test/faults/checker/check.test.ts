import { describe, expect, test } from 'vitest'
import { check } from './check.ts'
import { parseLog } from './log-entry.ts'
import { plantedDeliveries } from './planted-deliveries.ts'
import { plantedOperations } from './planted-operations.ts'
import { canary, cleanLog } from './sample-log.ts'

const planted = [...plantedDeliveries, ...plantedOperations]

describe('the checker', () => {
  test('finds nothing wrong with a run in which all went right', () => {
    expect(check(cleanLog().entries)).toEqual([])
  })

  test.each(planted)('$invariant: finds $what', ({ invariant, plant }) => {
    const found = check(plant(cleanLog().entries)).map((violation) => violation.invariant)
    expect(found).toContain(invariant)
  })

  test('has a planted violation for every invariant', () => {
    const ids = Array.from({ length: 12 }, (_, n) => `I${n + 1}`)
    expect([...new Set(planted.map(({ invariant }) => invariant))]).toEqual(ids)
  })

  test('says the same of a log that was saved and read again', () => {
    const entries = [...cleanLog().entries, ...cleanLog().entries.slice(5, 60)]
    const saved = entries.map((entry) => JSON.stringify(entry)).join('\n')
    expect(check(parseLog(saved))).toEqual(check(entries))
  })

  test('does not repeat the secret that it found', () => {
    const leaking = cleanLog()
    leaking.add({ kind: 'text', process: 'api-1', what: 'metrics', text: canary })
    expect(JSON.stringify(check(leaking.entries))).not.toContain(canary)
  })
})
