import type { SqliteFile } from '../../sqlite/sqlite-file.ts'

/** A step is a few milliseconds and fits the reserve of a full disk; between two the event loop comes round. */
const rowsPerStep = 500

/** Deletes what is older, step by step. `sql` takes the moment and the number of rows. */
export async function pruneInSteps(
  file: SqliteFile,
  { sql, beforeMs }: { sql: string; beforeMs: number },
): Promise<void> {
  for (;;) {
    const deleted = await file.write((tx) => tx.run(sql, [beforeMs, rowsPerStep]), {
      freesSpace: true,
    })
    if (deleted < rowsPerStep) return
  }
}
