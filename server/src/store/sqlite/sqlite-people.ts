import type { Person } from '../../people/person.ts'
import { integer, text, textOrNull, type Row } from '../../sqlite/row.ts'
import type { SqliteFile, Transaction } from '../../sqlite/sqlite-file.ts'
import { foldCase, wordEndings } from '../fold-case.ts'
import type { PeopleStore } from '../port.ts'
import { idList } from './id-list.ts'

const columns = 'id, username, display_name, email, phone, locale, password_hash, created_at_ms'
const byId = `SELECT ${columns} FROM people WHERE id = ?`

/** A person has several endings that may begin alike; so many rows are looked at for each person wanted. */
const rowsPerPerson = 8

export function sqlitePeople(file: SqliteFile): PeopleStore {
  return {
    insert: (person) =>
      file.write((tx) => {
        const folded = person.username === null ? null : foldCase(person.username)
        if (tx.get('SELECT 1 FROM people WHERE id = ?', [person.id]) !== null) return 'id_taken'
        if (tx.get('SELECT 1 FROM people WHERE username_folded = ?', [folded]) !== null)
          return 'username_taken'
        write(tx, person, folded)
        return 'inserted'
      }),

    async byId(id) {
      const row = file.read.get(byId, [id])
      return row === null ? null : toPerson(row)
    },

    async byIds(ids) {
      const sql = `SELECT ${columns} FROM people WHERE id IN (SELECT value FROM json_each(?))`
      return file.read.all(sql, [idList(ids)]).map(toPerson)
    },

    async byUsername(username) {
      const sql = `SELECT ${columns} FROM people WHERE username_folded = ?`
      const row = file.read.get(sql, [foldCase(username)])
      return row === null ? null : toPerson(row)
    },

    async search(wanted, limit) {
      const prefix = foldCase(wanted)
      if (prefix === '') {
        const sql = `SELECT ${columns} FROM people ORDER BY display_name_folded, id LIMIT ?`
        return file.read.all(sql, [limit]).map(toPerson)
      }
      const words = `SELECT person_id FROM people_words WHERE word >= ? AND word < ? ORDER BY word LIMIT ?`
      const found = file.read.all(words, [prefix, `${prefix}\u{10ffff}`, limit * rowsPerPerson])
      const ids = new Set(found.map((row) => text(row, 'person_id')))
      return [...ids].slice(0, limit).flatMap((id) => file.read.all(byId, [id]).map(toPerson))
    },

    update: (id, change) =>
      file.write((tx) => {
        const row = tx.get(byId, [id])
        if (row === null) return null
        const next = { ...toPerson(row), ...given(change) }
        write(tx, next, next.username === null ? null : foldCase(next.username))
        return next
      }),
  }
}

/** A field that is there and undefined changes nothing. */
function given(change: Parameters<PeopleStore['update']>[1]): typeof change {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}

function write(tx: Transaction, person: Person, usernameFolded: string | null): void {
  const displayNameFolded = foldCase(person.displayName)
  tx.run(
    `INSERT INTO people (${columns}, username_folded, display_name_folded)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET display_name = excluded.display_name, email = excluded.email,
       phone = excluded.phone, locale = excluded.locale, display_name_folded = excluded.display_name_folded`,
    [
      person.id,
      person.username,
      person.displayName,
      person.email,
      person.phone,
      person.locale,
      person.passwordHash,
      person.createdAtMs,
      usernameFolded,
      displayNameFolded,
    ],
  )
  tx.run('DELETE FROM people_words WHERE person_id = ?', [person.id])
  const words = new Set([displayNameFolded, usernameFolded ?? ''].flatMap(wordEndings))
  for (const word of words) {
    if (word !== '')
      tx.run('INSERT INTO people_words (word, person_id) VALUES (?, ?)', [word, person.id])
  }
}

function toPerson(row: Row): Person {
  return {
    id: text(row, 'id'),
    username: textOrNull(row, 'username'),
    displayName: text(row, 'display_name'),
    email: textOrNull(row, 'email'),
    phone: textOrNull(row, 'phone'),
    locale: textOrNull(row, 'locale'),
    passwordHash: textOrNull(row, 'password_hash'),
    createdAtMs: integer(row, 'created_at_ms'),
  }
}
