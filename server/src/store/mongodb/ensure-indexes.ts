import { MongoServerError, type Db } from 'mongodb'
import type { Attempt } from './attempt.ts'
import type { WantedIndex } from './indexes.ts'
import { isDuplicate } from './wire-errors.ts'

/** An index cannot be as this version needs it. Nothing was changed: an operator decides. */
export class IndexMismatchError extends Error {
  readonly code = 'STORE_INDEX_MISMATCH'
  readonly collection: string
  readonly index: string

  constructor({ collection, name }: WantedIndex, what: string, options?: ErrorOptions) {
    super(`Index ${name} of collection ${collection} in MongoDB: ${what}`, options)
    this.name = 'IndexMismatchError'
    this.collection = collection
    this.index = name
  }
}

/** IndexOptionsConflict, IndexKeySpecsConflict. */
const conflicts = new Set<unknown>([85, 86])

/** Makes what is missing; what is there stays as it is. Any number of processes may do so at once. */
export async function ensureIndexes(
  db: Db,
  attempt: Attempt,
  wanted: readonly WantedIndex[],
): Promise<void> {
  for (const index of wanted) await attempt('make its indexes', () => ensure(db, index))
}

async function ensure(db: Db, index: WantedIndex): Promise<void> {
  const { collection, ...description } = index
  try {
    await db.collection(collection).createIndexes([description])
  } catch (cause) {
    if (isDuplicate(cause) && description.unique === true) {
      const field = Object.keys(description.key).join(', ')
      throw new IndexMismatchError(
        index,
        `cannot be built, because several documents have the same ${field}. Remove or change all but one of each, and start again.`,
        { cause },
      )
    }
    if (!(cause instanceof MongoServerError) || !conflicts.has(cause.code)) throw cause
    const name = await nameOfOther(db, index)
    throw new IndexMismatchError(
      index,
      `the index ${name}, which is there, is another one than this version needs. ` +
        `Drop it, db.${collection}.dropIndex("${name}"), and start again: the right one is built at the start.`,
      { cause },
    )
  }
}

/** Which one stands in the way: of the same name, or on the same fields. */
async function nameOfOther(db: Db, { collection, name, key }: WantedIndex): Promise<string> {
  const there = await db.collection(collection).indexes()
  const sameName = there.find((other) => other.name === name)
  const sameKey = there.find((other) => JSON.stringify(other.key) === JSON.stringify(key))
  return (sameName ?? sameKey)?.name ?? name
}
