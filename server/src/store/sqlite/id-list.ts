/** Ids as one parameter, so that a list of any length is one prepared statement: `IN (SELECT value FROM json_each(?))`. */
export function idList(ids: readonly string[]): string {
  return JSON.stringify(ids)
}
