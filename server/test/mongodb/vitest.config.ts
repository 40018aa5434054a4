import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** Everything that needs a MongoDB-wire server. One server a run, a database a test file. */
export default defineConfig({
  root: join(import.meta.dirname, '../../..'),
  test: {
    name: 'mongodb',
    include: ['server/src/store/mongodb/**/*.test.ts', 'server/test/mongodb/**/*.test.ts'],
    environment: 'node',
    setupFiles: [join(import.meta.dirname, '../support/leave-nothing-open.ts')],
    globalSetup: [join(import.meta.dirname, 'global-setup.ts')],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
