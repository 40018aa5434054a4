import { expect } from 'vitest'
import { t0 } from './samples.ts'
import { race, type StoreCases } from './store-lab.ts'

const session = { sid: 's1', userId: 'alice', expiresAtMs: t0 + 1000 }

export const sessionCases: StoreCases = {
  'a session lives until it expires': async ({ store }) => {
    await store.sessions.insert(session)
    expect(await store.sessions.isLive('s1', t0 + 999)).toBe(true)
    expect(await store.sessions.isLive('s1', t0 + 1000)).toBe(false)
    expect(await store.sessions.isLive('s2', t0)).toBe(false)
  },
  'a session that was ended is dead at once, also after a crash': async (lab) => {
    await lab.store.sessions.insert(session)
    expect(await lab.store.sessions.end('s1')).toBe(true)
    expect(await lab.store.sessions.isLive('s1', t0)).toBe(false)
    const store = await lab.crash()
    expect(await store.sessions.isLive('s1', t0)).toBe(false)
  },
  'of 50 who end one session at once, one is told that it did': async ({ store }) => {
    await store.sessions.insert(session)
    const answers = await race(() => store.sessions.end('s1'))
    expect(answers.filter(Boolean)).toHaveLength(1)
    expect(await store.sessions.end('unknown')).toBe(false)
  },
  'the same insert again is safe': async ({ store }) => {
    await store.sessions.insert(session)
    await store.sessions.insert(session)
    expect(await store.sessions.isLive('s1', t0)).toBe(true)
  },
  'pruning takes what has expired and leaves the rest': async ({ store }) => {
    await store.sessions.insert(session)
    await store.sessions.insert({ sid: 's2', userId: 'bob', expiresAtMs: t0 + 2000 })
    await store.sessions.prune(t0 + 1500)
    expect(await store.sessions.isLive('s1', t0)).toBe(false)
    expect(await store.sessions.isLive('s2', t0)).toBe(true)
  },
}
