import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Transaction } from './sqlite-file.ts'

/** Prepares every statement once and keeps it: preparing costs more than most of them run. */
export function cachedStatements(database: DatabaseSync): Transaction {
  const known = new Map<string, StatementSync>()
  function prepared(sql: string): StatementSync {
    const found = known.get(sql)
    if (found !== undefined) return found
    const statement = database.prepare(sql)
    known.set(sql, statement)
    return statement
  }
  return {
    all: (sql, params = []) => prepared(sql).all(...params),
    get: (sql, params = []) => prepared(sql).get(...params) ?? null,
    run: (sql, params = []) => Number(prepared(sql).run(...params).changes),
  }
}
