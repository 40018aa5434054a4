import type { TestProject } from 'vitest/node'
import { findServer, wireServerCache } from './find-server.ts'

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
  const cacheDir = wireServerCache(process.env)
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
