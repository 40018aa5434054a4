import { notificationPreferences } from '@belfry/contracts'
import { json, text } from '../../sqlite/row.ts'
import type { SqliteFile } from '../../sqlite/sqlite-file.ts'
import type { PreferenceStore } from '../port.ts'
import { isOneOf } from './id-list.ts'

export function sqlitePreferences(file: SqliteFile): PreferenceStore {
  return {
    async get(userId) {
      const row = file.read.get('SELECT preferences FROM preferences WHERE user_id = ?', [userId])
      return row === null ? null : json(row, 'preferences', notificationPreferences.parse)
    },
    async getMany(userIds) {
      const { sql, param } = isOneOf('user_id', userIds)
      const rows = file.read.all(`SELECT user_id, preferences FROM preferences WHERE ${sql}`, [
        param,
      ])
      return new Map(
        rows.map((row) => [
          text(row, 'user_id'),
          json(row, 'preferences', notificationPreferences.parse),
        ]),
      )
    },
    async put(userId, preferences) {
      const sql = 'INSERT OR REPLACE INTO preferences (user_id, preferences) VALUES (?, ?)'
      await file.write((tx) => tx.run(sql, [userId, JSON.stringify(preferences)]))
    },
  }
}
