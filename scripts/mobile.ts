import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { checkLockfile } from './check-lockfile.ts'
import { run, type LegResult } from './leg.ts'

/**
 * The phone's shell has dependencies of its own, so it is installed and tested apart from the
 * workspaces: types, tests, lockfile, and the proof that the app bundles and that its native
 * projects say what they must. Needs the npm registry once, and then no network.
 */
const folder = 'apps/mobile'

const report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  numFailedTestSuites: z.int(),
})

type Counts = Pick<LegResult, 'passed' | 'failed' | 'skipped'>

function npm(...args: string[]): Promise<number> {
  return run('npm', ['--prefix', folder, ...args])
}

/** npm writes `node_modules/.package-lock.json` last, so it is older than a lock that has changed since. */
function isInstalled(): boolean {
  const done = statSync(join(folder, 'node_modules/.package-lock.json'), { throwIfNoEntry: false })
  return done !== undefined && done.mtimeMs >= statSync(join(folder, 'package-lock.json')).mtimeMs
}

async function step(name: string, work: () => Promise<number>): Promise<Counts> {
  const startedMs = Date.now()
  const code = await work()
  console.log(`— ${name}: ${Math.round((Date.now() - startedMs) / 1000)} s`)
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 }
}

async function lockfile(): Promise<number> {
  const problems = checkLockfile(readFileSync(join(folder, 'package-lock.json'), 'utf8'))
  for (const problem of problems) console.error(problem)
  return problems.length
}

async function tests(): Promise<Counts> {
  const results = mkdtempSync(join(tmpdir(), 'belfry-mobile-'))
  const file = join(results, 'jest.json')
  try {
    const ran = await step('tests', () =>
      npm('run', '--silent', 'jest', '--', '--ci', '--json', `--outputFile=${file}`),
    )
    const counts = report.parse(JSON.parse(readFileSync(file, 'utf8')))
    const failed = Math.max(counts.numFailedTests, counts.numFailedTestSuites, ran.failed)
    const skipped = counts.numPendingTests + counts.numTodoTests
    return { passed: counts.numPassedTests, failed, skipped }
  } catch (cause) {
    console.error(`no report of the phone's tests: ${String(cause)}`)
    return { passed: 0, failed: 1, skipped: 0 }
  } finally {
    rmSync(results, { recursive: true, force: true })
  }
}

export async function mobile(): Promise<LegResult> {
  const name = 'mobile'
  if (!isInstalled() && (await step('npm ci', () => npm('ci'))).failed > 0) {
    return { name, passed: 0, failed: 1, skipped: 0, note: `npm ci failed in ${folder}` }
  }
  const parts = [
    await step('lockfile', lockfile),
    await step('types', () => npm('run', '--silent', 'types')),
    await tests(),
    await step('proof', () => npm('run', '--silent', 'proof')),
  ]
  const sum = (key: keyof Counts) => parts.reduce((total, counts) => total + counts[key], 0)
  return { name, passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
}

if (import.meta.main) {
  const { passed, failed, skipped, note } = await mobile()
  if (note !== undefined) console.error(note)
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}
