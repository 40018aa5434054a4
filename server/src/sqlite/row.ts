/** One row as SQLite gives it. Nothing about its columns is known until they are read by these functions. */
export type Row = Readonly<Record<string, unknown>>

/** The file holds something that this program never writes there. Its message names the column, never the value. */
export class UnexpectedColumnError extends Error {
  readonly code = 'UNEXPECTED_COLUMN'
  readonly column: string

  constructor(column: string, wanted: string, options?: ErrorOptions) {
    super(
      `Column ${column} does not hold ${wanted}: the data file was changed by something else.`,
      options,
    )
    this.name = 'UnexpectedColumnError'
    this.column = column
  }
}

export function text(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new UnexpectedColumnError(column, 'a text')
  return value
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column)
}

export function integer(row: Row, column: string): number {
  const value = row[column]
  if (!Number.isSafeInteger(value) || typeof value !== 'number') {
    throw new UnexpectedColumnError(column, 'an integer')
  }
  return value
}

export function integerOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : integer(row, column)
}

/** A column of JSON, through a parser that throws at anything else (zod's `schema.parse`). */
export function json<T>(row: Row, column: string, parse: (value: unknown) => T): T {
  try {
    return parse(JSON.parse(text(row, column)))
  } catch (cause) {
    throw new UnexpectedColumnError(column, 'the JSON that belongs there', { cause })
  }
}
