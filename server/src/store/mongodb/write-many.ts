import { MongoServerError, type Db, type Document } from 'mongodb'
import * as z from 'zod'

/**
 * Many writes in one command. By the command itself and not the driver's bulk API, which wraps every failure, a lost
 * connection too, in an error that says nothing of which it was.
 */
const answer = z.object({
  nModified: z.int().default(0),
  writeErrors: z
    .array(z.looseObject({ index: z.int(), code: z.int(), errmsg: z.string() }))
    .default([]),
})

/** In their order, whether each was inserted. Why one was not, only trying it alone tells. */
export async function insertMany(
  db: Db,
  collection: string,
  documents: readonly Document[],
): Promise<boolean[]> {
  const { writeErrors } = await run(db, { insert: collection, documents })
  const failed = new Set(writeErrors.map(({ index }) => index))
  return documents.map((_, index) => !failed.has(index))
}

export interface Update {
  readonly q: Document
  readonly u: Document
}

/** Each changes one document at most. False for all when fewer were changed: servers do not say which. */
export async function updateMany(
  db: Db,
  collection: string,
  updates: readonly Update[],
): Promise<boolean[]> {
  const { nModified, writeErrors } = await run(db, { update: collection, updates })
  const [first] = writeErrors
  if (first !== undefined) throw new MongoServerError({ ...first, message: first.errmsg })
  return updates.map(() => nModified === updates.length)
}

async function run(db: Db, command: Document): Promise<z.infer<typeof answer>> {
  // Unlike everything else, a command takes nothing over from the client's options.
  const { w, journal, wtimeoutMS } = db.writeConcern ?? {}
  const writeConcern = { w, j: journal, wtimeout: wtimeoutMS }
  const whole = { ...command, ordered: false, writeConcern }
  return answer.parse(await db.command(whole, { ignoreUndefined: true }))
}
