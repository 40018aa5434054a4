import { expect } from 'vitest'
import { person } from './samples.ts'
import { race, type StoreCases } from './store-lab.ts'

export const peopleCases: StoreCases = {
  'a person is found by id and by username, with every field': async ({ store }) => {
    const alice = person('u1', {
      username: 'Alice',
      displayName: 'Alice Liddell 🐇',
      email: 'alice@example.com',
      phone: '+440000',
      locale: 'en-GB',
      passwordHash: 'scrypt$…',
    })
    expect(await store.people.insert(alice)).toBe('inserted')
    expect(await store.people.byId('u1')).toEqual(alice)
    expect(await store.people.byUsername('aLICE')).toEqual(alice)
    expect(await store.people.byId('u2')).toBeNull()
    expect(await store.people.byUsername('bob')).toBeNull()
  },
  'an id is taken once': async ({ store }) => {
    await store.people.insert(person('u1', { username: 'alice' }))
    expect(await store.people.insert(person('u1', { username: 'bob' }))).toBe('id_taken')
    expect(await store.people.byUsername('bob')).toBeNull()
  },
  'a username is taken whatever its case': async ({ store }) => {
    await store.people.insert(person('u1', { username: 'straße' }))
    expect(await store.people.insert(person('u2', { username: 'STRASSE' }))).toBe('username_taken')
    expect(await store.people.byId('u2')).toBeNull()
  },
  'of 50 who want one username at once, one gets it and the others are told': async ({ store }) => {
    const answers = await race((racer) =>
      store.people.insert(person(`u${racer}`, { username: 'Alice' })),
    )
    expect(answers.filter((answer) => answer === 'inserted')).toHaveLength(1)
    expect(answers.filter((answer) => answer === 'username_taken')).toHaveLength(49)
    expect(await store.people.byUsername('alice')).toMatchObject({
      id: `u${answers.indexOf('inserted')}`,
    })
  },
  'of 50 first requests of one foreign person at once, one makes the person': async ({ store }) => {
    const answers = await race(() => store.people.insert(person('sub', { username: null })))
    expect(answers.filter((answer) => answer === 'inserted')).toHaveLength(1)
    expect(answers.filter((answer) => answer === 'id_taken')).toHaveLength(49)
  },
  'people without a username do not stand in each other’s way': async ({ store }) => {
    expect(await store.people.insert(person('u1', { username: null }))).toBe('inserted')
    expect(await store.people.insert(person('u2', { username: null }))).toBe('inserted')
  },
  'several are found at once, and unknown ids are left out': async ({ store }) => {
    await store.people.insert(person('alice'))
    await store.people.insert(person('bob'))
    const found = await store.people.byIds(['bob', 'nobody', 'alice'])
    expect(found.map(({ id }) => id).toSorted()).toEqual(['alice', 'bob'])
    expect(await store.people.byIds([])).toEqual([])
  },
  'a search finds the beginning of a name, of any word of it, and of the username, whatever the case':
    async ({ store }) => {
      await store.people.insert(
        person('u1', { username: 'queen', displayName: 'Élise de la Tour' }),
      )
      await store.people.insert(person('u2', { username: 'hatter', displayName: 'Jean-Luc' }))
      const ids = async (text: string) => (await store.people.search(text, 10)).map(({ id }) => id)
      expect(await ids('éli')).toEqual(['u1'])
      expect(await ids('TOUR')).toEqual(['u1'])
      expect(await ids('de la t')).toEqual(['u1'])
      expect(await ids('luc')).toEqual(['u2'])
      expect(await ids('Hat')).toEqual(['u2'])
      expect(await ids('our')).toEqual([])
      expect(await ids('ueen')).toEqual([])
    },
  'signs that mean something in queries are just text in a search': async ({ store }) => {
    await store.people.insert(person('u1', { username: null, displayName: '100% .* [a-z]_x' }))
    await store.people.insert(person('u2', { username: null, displayName: 'alice' }))
    for (const text of ['%', '_', '.', '.*', '^a', '*', '[a']) {
      const found = await store.people.search(text, 10)
      expect(found.map(({ id }) => id).filter((id) => id === 'u2')).toEqual([])
    }
    expect((await store.people.search('100%', 10)).map(({ id }) => id)).toEqual(['u1'])
  },
  'an empty search gives anybody, and no search gives more than its limit': async ({ store }) => {
    for (const name of ['ann', 'anna', 'annie', 'bob']) await store.people.insert(person(name))
    expect(await store.people.search('', 3)).toHaveLength(3)
    expect(await store.people.search(' ', 10)).toHaveLength(4)
    expect(await store.people.search('an', 2)).toHaveLength(2)
    const all = await store.people.search('ANN', 10)
    expect(all.map(({ id }) => id).toSorted()).toEqual(['ann', 'anna', 'annie'])
  },
  'an update changes what it names and nothing else': async ({ store }) => {
    await store.people.insert(
      person('u1', { username: 'alice', email: 'a@example.com', phone: '1' }),
    )
    const next = await store.people.update('u1', { displayName: 'Queen Alice', email: null })
    expect(next).toEqual(
      person('u1', { username: 'alice', displayName: 'Queen Alice', email: null, phone: '1' }),
    )
    expect(await store.people.byId('u1')).toEqual(next)
    expect(await store.people.update('nobody', { displayName: 'x' })).toBeNull()
  },
  'after a new name, a search finds that and not the old one': async ({ store }) => {
    await store.people.insert(person('u1', { username: null, displayName: 'Alice' }))
    await store.people.update('u1', { displayName: 'Mallory' })
    expect(await store.people.search('alice', 10)).toEqual([])
    expect(await store.people.search('mal', 10)).toHaveLength(1)
  },
}
