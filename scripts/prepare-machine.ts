import { readFileSync } from 'node:fs'
import { missingTools } from '../e2e/support/missing-tools.ts'
import { run } from './leg.ts'

/** Debian's packages for all that the browser tests need; a minimal system lacks even libnotify. */
const debianPackages = ['firefox-esr', 'chromium', 'dbus', 'libnotify4', 'openssl']

/** Installs what is missing where that is possible (Debian, root); returns a sentence for each thing that is missing still. */
export async function prepareMachine(): Promise<string[]> {
  const tools = ['firefox', 'chromium', 'desktop', 'openssl'] as const
  const missing = await missingTools(tools)
  if (missing.length === 0 || !isDebianRoot()) return missing
  console.log(`Installing ${debianPackages.join(', ')}`)
  const environment = { DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-qq'], environment)
  await run(
    'apt-get',
    ['install', '-y', '-qq', '--no-install-recommends', ...debianPackages],
    environment,
  )
  return missingTools(tools)
}

function isDebianRoot(): boolean {
  if (process.getuid?.() !== 0) return false
  try {
    return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false // Not a Linux that says what it is.
  }
}
