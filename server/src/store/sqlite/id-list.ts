/** Ids as one parameter, so that a list of any length is one prepared statement: `IN (SELECT value FROM json_each(?))`. */
export function idList(ids: readonly string[]): string {
  return JSON.stringify(ids)
}

/**
 * `column` is one of these ids: SQL and its one parameter. A list of one, which most are, goes without
 * `json_each`, whose virtual table costs more than the rows.
 */
export function isOneOf(column: string, ids: readonly string[]): { sql: string; param: string } {
  const [only] = ids
  return only !== undefined && ids.length === 1
    ? { sql: `${column} = ?`, param: only }
    : { sql: `${column} IN (SELECT value FROM json_each(?))`, param: idList(ids) }
}
