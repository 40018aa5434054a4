import { expect } from 'vitest'
import { device, phone, t0 } from './samples.ts'
import { race, type StoreCases } from './store-lab.ts'

export const deviceCases: StoreCases = {
  'a device is found by id, endpoint and its own id, with every field': async ({ store }) => {
    const full = device('d1', {
      deviceId: 'laptop',
      lastAcceptedAtMs: t0 + 1,
      lastShownAtMs: t0 + 2,
      lastError: 'Full',
      notBeforeMs: t0,
    })
    expect(await store.devices.insert(full)).toBe('inserted')
    expect(await store.devices.byId('d1')).toEqual(full)
    expect(await store.devices.byEndpoint('hash-of-d1')).toEqual(full)
    expect(await store.devices.byDeviceId('bob', 'laptop')).toEqual(full)
    expect(await store.devices.byDeviceId('alice', 'laptop')).toBeNull()
    expect(await store.devices.byEndpoint('hash-of-d2')).toBeNull()
  },
  'a phone is found as a browser is, with every field, and beside browsers': async ({ store }) => {
    const full = phone('p1', { deviceId: 'pixel', lastAcceptedAtMs: t0 + 1, createdAtMs: t0 + 1 })
    const said = { platform: null, projectId: null, appVersion: null } as const
    const silent = phone('p2', { ...said, createdAtMs: t0 + 2 })
    expect(await store.devices.insert(full)).toBe('inserted')
    expect(await store.devices.insert(silent)).toBe('inserted')
    expect(await store.devices.insert(device('d1'))).toBe('inserted')
    expect(await store.devices.byId('p1')).toEqual(full)
    expect(await store.devices.byEndpoint('hash-of-p1')).toEqual(full)
    expect(await store.devices.byDeviceId('bob', 'pixel')).toEqual(full)
    expect(await store.devices.ofOwner('bob')).toEqual([device('d1'), full, silent])
    expect(await store.devices.ofOwners(['bob'])).toEqual([device('d1'), full, silent])
  },
  'a phone’s new token replaces the old one in its row, and a row may change its kind': async ({
    store,
  }) => {
    const before = phone('p1', { deviceId: 'pixel' })
    await store.devices.insert(before)
    const next = phone('p1', {
      deviceId: 'pixel',
      token: 'ExponentPushToken[new]',
      endpointHash: 'new',
      platform: 'ios',
      generation: 1,
    })
    expect(await store.devices.replace(before, next)).toBe('replaced')
    expect(await store.devices.byId('p1')).toEqual(next)
    const browser = device('p1', { deviceId: 'pixel', endpointHash: 'web', generation: 2 })
    expect(await store.devices.replace(next, browser)).toBe('replaced')
    expect(await store.devices.byId('p1')).toEqual(browser)
  },
  'of 50 who register one endpoint at once, one gets it': async ({ store }) => {
    const answers = await race((racer) =>
      store.devices.insert(device(`d${racer}`, { ownerId: `u${racer}`, endpointHash: 'shared' })),
    )
    expect(answers.filter((answer) => answer === 'inserted')).toHaveLength(1)
    expect(answers.filter((answer) => answer === 'taken')).toHaveLength(49)
    expect(await store.devices.byEndpoint('shared')).toMatchObject({
      id: `d${answers.indexOf('inserted')}`,
    })
  },
  'one row for a person’s browser profile, however many people use that profile': async ({
    store,
  }) => {
    expect(await store.devices.insert(device('d1', { deviceId: 'laptop' }))).toBe('inserted')
    expect(await store.devices.insert(device('d2', { deviceId: 'laptop' }))).toBe('taken')
    expect(await store.devices.insert(device('d3', { deviceId: 'laptop', ownerId: 'alice' }))).toBe(
      'inserted',
    )
    expect(await store.devices.insert(device('d4'))).toBe('inserted')
    expect(await store.devices.insert(device('d5'))).toBe('inserted')
  },
  'a person’s devices come oldest first, and several people’s at once': async ({ store }) => {
    await store.devices.insert(device('d2', { createdAtMs: t0 + 2 }))
    await store.devices.insert(device('d1', { createdAtMs: t0 + 1 }))
    await store.devices.insert(device('d3', { ownerId: 'alice' }))
    await store.devices.insert(device('d4', { ownerId: 'carol' }))
    expect((await store.devices.ofOwner('bob')).map(({ id }) => id)).toEqual(['d1', 'd2'])
    const several = await store.devices.ofOwners(['bob', 'alice', 'nobody'])
    expect(several.map(({ id }) => id).toSorted()).toEqual(['d1', 'd2', 'd3'])
  },
  'a renewal replaces the whole row under its id': async ({ store }) => {
    const before = device('d1', { deviceId: 'laptop' })
    await store.devices.insert(before)
    const next = device('d1', {
      ownerId: 'alice',
      endpoint: 'https://push.example/new',
      endpointHash: 'new',
      generation: 1,
    })
    expect(await store.devices.replace(before, next)).toBe('replaced')
    expect(await store.devices.byId('d1')).toEqual(next)
    expect(await store.devices.byEndpoint('hash-of-d1')).toBeNull()
    expect(await store.devices.ofOwner('bob')).toEqual([])
  },
  'a renewal from an endpoint or generation that has passed changes nothing': async ({ store }) => {
    const current = device('d1', { generation: 3 })
    await store.devices.insert(current)
    const next = device('d1', { endpointHash: 'new', generation: 4 })
    expect(await store.devices.replace({ ...current, generation: 2 }, next)).toBe('changed')
    expect(await store.devices.replace({ ...current, endpointHash: 'older' }, next)).toBe('changed')
    expect(await store.devices.replace(device('d9'), device('d9', { generation: 1 }))).toBe(
      'changed',
    )
    expect(await store.devices.byId('d1')).toEqual(current)
  },
  'a renewal to what another row holds is taken, and changes nothing': async ({ store }) => {
    const mine = device('d1')
    await store.devices.insert(mine)
    await store.devices.insert(device('d2', { deviceId: 'laptop' }))
    const next = { ...mine, generation: 1 }
    expect(await store.devices.replace(mine, { ...next, endpointHash: 'hash-of-d2' })).toBe('taken')
    expect(await store.devices.replace(mine, { ...next, deviceId: 'laptop' })).toBe('taken')
    expect(await store.devices.byId('d1')).toEqual(mine)
  },
  'of 50 renewals at once, one wins and the others are told that the row has changed': async ({
    store,
  }) => {
    const before = device('d1')
    await store.devices.insert(before)
    const answers = await race((racer) =>
      store.devices.replace(before, { ...before, endpointHash: `new-${racer}`, generation: 1 }),
    )
    expect(answers.filter((answer) => answer === 'replaced')).toHaveLength(1)
    expect(answers.filter((answer) => answer === 'changed')).toHaveLength(49)
    expect(await store.devices.byId('d1')).toMatchObject({
      endpointHash: `new-${answers.indexOf('replaced')}`,
    })
  },
  'a device that is gone is forgotten, but never a newer subscription of the same row, nor another person’s':
    async ({ store }) => {
      await store.devices.insert(device('d1', { endpointHash: 'new' }))
      expect(await store.devices.remove('d1', { endpointHash: 'old' })).toBe(false)
      expect(await store.devices.remove('d1', { ownerId: 'mallory' })).toBe(false)
      expect(await store.devices.remove('d1', { endpointHash: 'new', ownerId: 'bob' })).toBe(true)
      expect(await store.devices.remove('d1')).toBe(false)
      expect(await store.devices.byId('d1')).toBeNull()
    },
  'of 50 who remove one device at once, one did': async ({ store }) => {
    await store.devices.insert(device('d1'))
    expect((await race(() => store.devices.remove('d1'))).filter(Boolean)).toHaveLength(1)
  },
  'news is noted on the endpoint it is about, and only what it names': async ({ store }) => {
    const before = device('d1', { lastError: 'Full', lastAcceptedAtMs: t0 })
    await store.devices.insert(before)
    await store.devices.note('d1', 'hash-of-d1', { lastError: null, notBeforeMs: t0 + 9 })
    const noted = { ...before, lastError: null, notBeforeMs: t0 + 9 }
    expect(await store.devices.byId('d1')).toEqual(noted)
    await store.devices.note('d1', 'older-endpoint', { lastShownAtMs: t0 + 10 })
    await store.devices.note('unknown', 'hash-of-d1', { lastShownAtMs: t0 + 10 })
    await store.devices.note('d1', 'hash-of-d1', {})
    expect(await store.devices.byId('d1')).toEqual(noted)
  },
}
