import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as contracts from '../src/index.ts'

const folder = join(import.meta.dirname, '../examples')
const files = readdirSync(folder)

/** `pushPayload.test.json` → `pushPayload`; `realtime.chat.message.json` → the realtime schema of that name. */
function schemaOf(file: string): {
  safeParse(value: unknown): { success: boolean; data?: unknown }
} {
  const name = file.replace(/\.json$/, '')
  const realtime = Object.entries(contracts.realtimeEvents).find(
    ([event]) => name === `realtime.${event}`,
  )
  if (realtime !== undefined) return realtime[1]
  const exported: Record<string, unknown> = { ...contracts }
  const schema = exported[name.split('.')[0] ?? '']
  if (!isSchema(schema)) throw new Error(`no schema for ${file}`)
  return schema
}

function isSchema(value: unknown): value is { safeParse(value: unknown): { success: boolean } } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'safeParse' in value &&
    typeof value.safeParse === 'function'
  )
}

test.each(files)('%s is what its schema says, nothing more and nothing less', (file) => {
  const example: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const parsed = schemaOf(file).safeParse(example)
  expect(parsed.success).toBe(true)
  expect(parsed.data).toEqual(example)
})

test('every body, event, payload and realtime message has an example', () => {
  const parts = new Set([
    'id',
    'instant',
    'appPath',
    'displayName',
    'email',
    'phone',
    'locale',
    'user',
    'callEndReason',
    'domainEvent',
    'laneMessage',
    'pushData',
    'callState',
    'usersQuery',
    'messagesQuery',
    'callsQuery',
    'browserSubscription',
    'pushSubscription',
    'testResult',
  ])
  const names = Object.entries(contracts)
    .filter(([name, value]) => isSchema(value) && !parts.has(name))
    .map(([name]) => name)
  const realtime = Object.keys(contracts.realtimeEvents).map((name) => `realtime.${name}`)
  const shown = new Set(files.map((file) => file.replace(/\.json$/, '')))
  const missing = [...names, ...realtime].filter(
    (name) => !shown.has(name) && ![...shown].some((file) => file.startsWith(`${name}.`)),
  )
  expect(missing).toEqual([])
})

test('a text may be full of hostile characters, an id may not hold control characters', () => {
  expect(contracts.id.safeParse('ana\u0000').success).toBe(false)
  expect(contracts.id.safeParse('__proto__').success).toBe(true)
  expect(contracts.appPath.safeParse('//evil.example').success).toBe(false)
  expect(contracts.appPath.safeParse('javascript:alert(1)').success).toBe(false)
})

test('the same event has the same id wherever it comes from, a decline is one a person', () => {
  const decline = {
    type: 'CallEnded',
    sessionId: 'S',
    reason: 'declined',
    endedAt: '2026-11-21T10:00:00.000Z',
  } as const
  expect(contracts.eventId({ ...decline, userId: 'bob' })).not.toBe(
    contracts.eventId({ ...decline, userId: 'eve' }),
  )
  expect(contracts.eventId({ ...decline, reason: 'missed', userId: 'ana' })).toBe(
    contracts.eventId({
      ...decline,
      reason: 'missed',
      userId: 'bob',
      endedAt: '2026-11-21T10:00:01.000Z',
    }),
  )
})
