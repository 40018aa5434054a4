import type * as z from 'zod'

/** A collection holds something that this program never writes there. Its message names the field, never the value. */
export class UnexpectedDocumentError extends Error {
  readonly code = 'UNEXPECTED_DOCUMENT'
  readonly collection: string

  constructor(collection: string, field: string, options?: ErrorOptions) {
    super(
      `Field ${field} of a document in ${collection} is not what belongs there: it was changed by something else, ` +
        'or written by a newer version.',
      options,
    )
    this.name = 'UnexpectedDocumentError'
    this.collection = collection
  }
}

/** A document as its schema describes it. Fields that the schema does not name are left out. */
export function read<T>(collection: string, schema: z.ZodType<T>, document: unknown): T {
  const parsed = schema.safeParse(document)
  if (parsed.success) return parsed.data
  const field = parsed.error.issues[0]?.path.join('.') ?? ''
  throw new UnexpectedDocumentError(collection, field, { cause: parsed.error })
}
