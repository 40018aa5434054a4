import { run, type LegResult } from './leg.ts'

/** types + lint + format + unused code + the lockfile. Each is one test of the `check` leg. */
const steps: ReadonlyArray<readonly [name: string, command: string, ...args: string[]]> = [
  ['types', 'tsc', '-b'],
  ['lint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['format', 'oxfmt', '--check'],
  ['unused code', 'knip'],
  ['lockfile', 'node', 'scripts/check-lockfile.ts'],
]

export async function check(): Promise<LegResult> {
  const failed: string[] = []
  for (const [name, command, ...args] of steps) {
    console.log(`— ${name}`)
    if ((await run(command, args)) !== 0) failed.push(name)
  }
  return {
    name: 'check',
    passed: steps.length - failed.length,
    failed: failed.length,
    skipped: 0,
    ...(failed.length === 0 ? {} : { note: `failed: ${failed.join(', ')}` }),
  }
}

if (import.meta.main) {
  const result = await check()
  if (result.note !== undefined) console.error(result.note)
  process.exitCode = result.failed === 0 ? 0 : 1
}
