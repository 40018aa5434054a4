import { notificationPreferences } from '@belfry/contracts'
import type { Db } from 'mongodb'
import * as z from 'zod'
import type { PreferenceStore } from '../port.ts'
import type { Attempt } from './attempt.ts'
import { gatherByKey } from './gather.ts'
import { read } from './unexpected-document-error.ts'

const preferencesDocument = z.object({ _id: z.string(), preferences: notificationPreferences })
type PreferencesDocument = z.infer<typeof preferencesDocument>

const toPreferences = (document: unknown) =>
  read('preferences', preferencesDocument, document).preferences

export function mongoPreferences(db: Db, attempt: Attempt): PreferenceStore {
  const collection = db.collection<PreferencesDocument>('preferences')
  const ofUsers = gatherByKey(
    (userIds) => collection.find({ _id: { $in: userIds } }).toArray(),
    ({ _id }) => _id,
  )
  return {
    get: (userId) =>
      attempt('read preferences', async () => {
        const found = await collection.findOne({ _id: userId })
        return found === null ? null : toPreferences(found)
      }),

    getMany: (userIds) =>
      attempt('read preferences', async () => {
        const found = await ofUsers(userIds)
        return new Map(found.map((document) => [document._id, toPreferences(document)]))
      }),

    put: (userId, preferences) =>
      attempt('store preferences', async () => {
        // What a racing upsert answers means nothing; that one of them is stored is all that counts here.
        await collection.updateOne({ _id: userId }, { $set: { preferences } }, { upsert: true })
      }),
  }
}
