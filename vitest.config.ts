import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'packages/*/{src,test}/**/*.test.ts',
            'server/{src,test}/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          // These have a leg of their own, because they need servers of others.
          exclude: ['server/test/{rabbitmq,mongodb,roles}/**', 'server/test/faults/engines/**'],
          environment: 'node',
          // Fails a file that leaves a socket, timer or file open.
          setupFiles: ['server/test/support/leave-nothing-open.ts'],
          // Hashing a password costs 0.4 s on a busy machine, a real process more.
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'web',
          include: ['apps/web/{src,test}/**/*.test.{ts,tsx}'],
          environment: 'jsdom',
        },
      },
      {
        test: {
          // A real RabbitMQ and a real MongoDB-wire server, one for the whole run.
          name: 'engines',
          include: [
            'server/test/{rabbitmq,mongodb,roles}/**/*.test.ts',
            'server/test/faults/engines/**/*.test.ts',
          ],
          environment: 'node',
          setupFiles: ['server/test/support/leave-nothing-open.ts'],
          globalSetup: ['server/test/mongodb/global-setup.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
