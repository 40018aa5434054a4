import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { check } from './check.ts'
import { run, type LegResult } from './leg.ts'
import { mobile } from './mobile.ts'
import { prepareBrowsers, prepareRabbitMq } from './prepare-machine.ts'

/**
 * `npm test`: every leg, one after the other. `npm run e2e` names only that one.
 * The last line sums up all legs; with `CI=true` a skip is a failure.
 */
const report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  numFailedTestSuites: z.int(),
})

async function vitest(project: string): Promise<LegResult> {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-test-'))
  const file = join(folder, `${project}.json`)
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]
  const code = await run('vitest', args, { NODE_ENV: 'test' })
  try {
    const counts = report.parse(JSON.parse(readFileSync(file, 'utf8')))
    const failed =
      counts.numFailedTests + (counts.numFailedTests === 0 ? counts.numFailedTestSuites : 0)
    // A run that fails although every test passed (an unhandled error, a file that will not load) is a failure.
    const failedOtherwise = failed === 0 && code !== 0 ? 1 : 0
    return {
      name: project,
      passed: counts.numPassedTests,
      failed: failed + failedOtherwise,
      skipped: counts.numPendingTests + counts.numTodoTests,
    }
  } catch (cause) {
    return { name: project, passed: 0, failed: 1, skipped: 0, note: `no report: ${String(cause)}` }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function browsers(): Promise<LegResult> {
  const missing = await prepareBrowsers()
  if (missing.length > 0) {
    return { name: 'e2e', passed: 0, failed: 0, skipped: 1, note: `missing: ${missing.join(', ')}` }
  }
  // For the processes that run apart; without it those tests are skipped, with their reason.
  await prepareRabbitMq()
  // Built once, up front: a server that starts in a test must not build in the middle of it.
  if ((await run('npm', ['run', 'build'])) !== 0) {
    return { name: 'e2e', passed: 0, failed: 1, skipped: 0, note: 'the web app does not build' }
  }
  return vitest('e2e')
}

/** What is missing shows as skipped tests with their reason. */
async function engines(): Promise<LegResult> {
  const missing = await prepareRabbitMq()
  const result = await vitest('engines')
  return missing.length === 0 ? result : { ...result, note: `missing: ${missing.join(', ')}` }
}

const legs: Readonly<Record<string, () => Promise<LegResult>>> = {
  check,
  unit: () => vitest('unit'),
  web: () => vitest('web'),
  mobile,
  engines,
  e2e: browsers,
}

const wanted = process.argv.slice(2)
const results: LegResult[] = []
for (const [name, leg] of Object.entries(legs)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(`\n=== ${name}`)
  results.push(await leg())
}
console.log('')
for (const { name, passed, failed, skipped, note } of results) {
  console.log(
    `${name}: ${passed} passed, ${failed} failed, ${skipped} skipped${note === undefined ? '' : ` (${note})`}`,
  )
}
const sum = (key: 'passed' | 'failed' | 'skipped') =>
  results.reduce((total, leg) => total + leg[key], 0)
console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
const skipFails = process.env.CI === 'true' && sum('skipped') > 0
process.exitCode = sum('failed') > 0 || skipFails || sum('passed') === 0 ? 1 : 0
