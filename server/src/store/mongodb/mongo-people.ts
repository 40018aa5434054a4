import type { Collection, Db } from 'mongodb'
import * as z from 'zod'
import type { Person } from '../../people/person.ts'
import { foldCase, wordEndings } from '../fold-case.ts'
import type { PeopleStore } from '../port.ts'
import type { Attempt } from './attempt.ts'
import { read } from './unexpected-document-error.ts'
import { isDuplicate, LostRaceError } from './wire-errors.ts'

const personDocument = z.object({
  _id: z.string(),
  username: z.string().nullable(),
  /** Absent without a username: the unique index passes over absent fields. */
  usernameFolded: z.string().optional(),
  displayName: z.string(),
  displayNameFolded: z.string(),
  /** Every ending, from a word's beginning, of both names: what a search looks through. */
  words: z.array(z.string()),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  locale: z.string().nullable(),
  passwordHash: z.string().nullable(),
  createdAtMs: z.number(),
  by: z.string(),
})
type PersonDocument = z.infer<typeof personDocument>

export function mongoPeople(db: Db, attempt: Attempt): PeopleStore {
  const people = db.collection<PersonDocument>('people')
  return {
    insert: (person) =>
      attempt('store a person', ({ token }) => insert(people, toDocument(person, token))),

    byId: (id) =>
      attempt('read a person', async () => toPersonOrNull(await people.findOne({ _id: id }))),

    byIds: (ids) =>
      attempt('read people', async () => {
        const found = await people.find({ _id: { $in: [...ids] } }).toArray()
        return found.map(toPerson)
      }),

    byUsername: (username) =>
      attempt('read a person', async () =>
        toPersonOrNull(await people.findOne({ usernameFolded: foldCase(username) })),
      ),

    search: (wanted, limit) =>
      attempt('search people', async () => {
        const prefix = foldCase(wanted)
        const found =
          prefix === ''
            ? people.find().sort({ displayNameFolded: 1, _id: 1 })
            : people.find({ words: { $elemMatch: { $gte: prefix, $lt: `${prefix}\u{10ffff}` } } })
        return (await found.limit(limit).toArray()).map(toPerson)
      }),

    update: (id, change) =>
      attempt('change a person', async () => {
        const known = toPersonOrNull(await people.findOne({ _id: id }))
        if (known === null) return null
        const changed = Object.fromEntries(
          Object.entries(change).filter(([, value]) => value !== undefined),
        )
        if (Object.keys(changed).length === 0) return known
        // The username, which the words are also made of, never changes.
        const names =
          change.displayName === undefined
            ? {}
            : namesOf({ ...known, displayName: change.displayName })
        const after = { returnDocument: 'after' } as const
        return toPersonOrNull(
          await people.findOneAndUpdate({ _id: id }, { $set: { ...changed, ...names } }, after),
        )
      }),
  }
}

async function insert(
  people: Collection<PersonDocument>,
  document: PersonDocument,
): ReturnType<PeopleStore['insert']> {
  const { _id, usernameFolded, by } = document
  // Read first: of many who insert the same username at once, FerretDB ends some with a deadlock.
  const holder = async () => {
    const same = await people.findOne({ _id })
    if (same !== null) return same.by === by ? 'inserted' : 'id_taken'
    if (usernameFolded === undefined) return null
    return (await people.findOne({ usernameFolded })) === null ? null : 'username_taken'
  }
  const before = await holder()
  if (before !== null) return before
  try {
    await people.insertOne(document)
    return 'inserted'
  } catch (error) {
    if (!isDuplicate(error)) throw error
  }
  const after = await holder()
  if (after === null) throw new LostRaceError('a person')
  return after
}

/** What is searched, of both names. */
function namesOf(person: Person) {
  const displayNameFolded = foldCase(person.displayName)
  const usernameFolded = person.username === null ? undefined : foldCase(person.username)
  const words = [...new Set([displayNameFolded, usernameFolded ?? ''].flatMap(wordEndings))]
  return { displayNameFolded, usernameFolded, words: words.filter((word) => word !== '') }
}

function toDocument({ id, ...person }: Person, by: string): PersonDocument {
  return { _id: id, ...person, ...namesOf({ id, ...person }), by }
}

function toPersonOrNull(document: unknown): Person | null {
  return document === null ? null : toPerson(document)
}

function toPerson(document: unknown): Person {
  const person = read('people', personDocument, document)
  return {
    id: person._id,
    username: person.username,
    displayName: person.displayName,
    email: person.email,
    phone: person.phone,
    locale: person.locale,
    passwordHash: person.passwordHash,
    createdAtMs: person.createdAtMs,
  }
}
