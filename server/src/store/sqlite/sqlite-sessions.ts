import type { SqliteFile } from '../../sqlite/sqlite-file.ts'
import type { SessionStore } from '../port.ts'
import { pruneInSteps } from './prune-in-steps.ts'

export function sqliteSessions(file: SqliteFile): SessionStore {
  return {
    async insert({ sid, userId, expiresAtMs }) {
      const sql =
        'INSERT INTO sessions (sid, user_id, expires_at_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'
      await file.write((tx) => tx.run(sql, [sid, userId, expiresAtMs]))
    },
    async isLive(sid, nowMs) {
      return (
        file.read.get('SELECT 1 FROM sessions WHERE sid = ? AND expires_at_ms > ?', [
          sid,
          nowMs,
        ]) !== null
      )
    },
    end: (sid) =>
      file.write((tx) => tx.run('DELETE FROM sessions WHERE sid = ?', [sid]) > 0, {
        freesSpace: true,
      }),
    prune: (nowMs) =>
      pruneInSteps(file, {
        sql: `DELETE FROM sessions WHERE rowid IN
              (SELECT rowid FROM sessions WHERE expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ?)`,
        beforeMs: nowMs,
      }),
  }
}
