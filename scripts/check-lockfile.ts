import { readFileSync } from 'node:fs'
import * as z from 'zod'

const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      optionalDependencies: z.record(z.string(), z.string()).optional(),
      resolved: z.string().optional(),
      hasInstallScript: z.boolean().optional(),
      dev: z.boolean().optional(),
    }),
  ),
})

/**
 * What is wrong with the lockfile, in sentences:
 * - an optional dependency of a locked package that is not locked itself makes `npm ci` refuse elsewhere;
 * - a download address ties the lock to one registry;
 * - nothing that we ship may need an install script.
 */
export function checkLockfile(text: string): string[] {
  const { packages } = lockfile.parse(JSON.parse(text))
  const locked = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)))
  return Object.entries(packages).flatMap(([path, entry]) => [
    ...Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !locked.has(name))
      .map(
        (name) =>
          `${path} asks for ${name}, which is not locked: take the lock from another version of ${path}`,
      ),
    ...(entry.resolved?.includes('://') === true ? [`${path} records a download address`] : []),
    ...(entry.hasInstallScript === true && entry.dev !== true
      ? [`${path} is shipped and has an install script`]
      : []),
  ])
}

if (import.meta.main) {
  const problems = checkLockfile(readFileSync('package-lock.json', 'utf8'))
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length === 0 ? 0 : 1
}
