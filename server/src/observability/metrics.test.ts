import { expect, test } from 'vitest'
import { deathToll } from '../broker/death-toll.ts'
import type { Broker } from '../broker/port.ts'
import { createMetrics } from './metrics.ts'

const empty = {
  'web-push.chat': 0,
  'web-push.calls': 0,
  'expo-push.chat': 0,
  'expo-push.calls': 0,
  dead: 0,
}

function scene(depth: Broker['depth']) {
  const toll = deathToll()
  const metrics = createMetrics({ depth, deaths: toll.counts })
  /** The lines of that metric. */
  const lines = async (name: string) =>
    (await metrics.print()).split('\n').filter((line) => line.startsWith(`${name}{`))
  return { toll, lines }
}

test('the depth of every queue is shown, the dead among them', async () => {
  const { lines } = scene(async () => ({ ...empty, 'web-push.calls': 3, dead: 26 }))
  const shown = await lines('belfry_queue_depth')
  expect(shown).toHaveLength(5)
  expect(shown).toContain('belfry_queue_depth{queue="web-push.calls"} 3')
  expect(shown).toContain('belfry_queue_depth{queue="dead"} 26')
})

test('what was set aside is counted by queue and reason; looking twice counts nothing twice', async () => {
  const { toll, lines } = scene(async () => empty)
  const unreadable = 'belfry_dead_total{queue="web-push.chat",reason="unreadable"}'
  expect(await lines('belfry_dead_total')).toContain(`${unreadable} 0`)
  toll.add('web-push.chat', 'unreadable')
  toll.add('web-push.chat', 'unreadable')
  toll.add('expo-push.calls', 'threw')
  await lines('belfry_dead_total')
  const shown = await lines('belfry_dead_total')
  expect(shown.filter((line) => !line.endsWith(' 0'))).toEqual([
    `${unreadable} 2`,
    'belfry_dead_total{queue="expo-push.calls",reason="threw"} 1',
  ])
})

test('while the broker cannot be asked no depth is shown, and what was counted still is', async () => {
  const { toll, lines } = scene(() => Promise.reject(new Error('away')))
  toll.add('web-push.chat', 'expired')
  expect(await lines('belfry_queue_depth')).toEqual([])
  expect(await lines('belfry_dead_total')).toContain(
    'belfry_dead_total{queue="web-push.chat",reason="expired"} 1',
  )
})
