import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { findServer } from './find-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the server that this run uses, without a database; null when there is none. */
    mongodbUrl: string | null
    /** Why there is none. */
    mongodbMissing: string
  }
}

/** One server a run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { XDG_CACHE_HOME } = process.env
  const cacheDir =
    XDG_CACHE_HOME === undefined || XDG_CACHE_HOME === ''
      ? join(import.meta.dirname, '../../../node_modules/.cache/mongo-wire')
      : join(XDG_CACHE_HOME, 'belfry/mongo-wire')
  const server = await findServer({ environment: process.env, cacheDir })
  if (typeof server === 'string') {
    console.warn(`MongoDB tests are skipped: ${server}`)
    project.provide('mongodbUrl', null)
    project.provide('mongodbMissing', server)
    return async () => {}
  }
  console.log(`MongoDB tests use ${server.kind}`)
  project.provide('mongodbUrl', server.url)
  project.provide('mongodbMissing', '')
  return () => server.stop()
}
