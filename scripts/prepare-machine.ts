import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { run } from './leg.ts'

/** What the browser tests need from the machine, and the Debian package that brings it. */
const needs = [
  {
    what: 'firefox',
    paths: ['/usr/lib/firefox-esr/firefox-esr'],
    variable: 'FIREFOX_BIN',
    debian: 'firefox-esr',
  },
  {
    what: 'chromium',
    paths: ['/usr/lib/chromium/chromium'],
    variable: 'CHROMIUM_BIN',
    debian: 'chromium',
  },
  {
    what: 'dbus-daemon',
    paths: ['/usr/bin/dbus-daemon'],
    variable: 'DBUS_DAEMON_BIN',
    debian: 'dbus',
  },
  // Firefox shows notifications through it; its package only suggests it.
  {
    what: 'libnotify',
    paths: [
      '/usr/lib/x86_64-linux-gnu/libnotify.so.4',
      '/usr/lib/aarch64-linux-gnu/libnotify.so.4',
    ],
    variable: 'LIBNOTIFY_SO',
    debian: 'libnotify4',
  },
  { what: 'openssl', paths: ['/usr/bin/openssl'], variable: 'OPENSSL_BIN', debian: 'openssl' },
] as const

/** Installs what is missing where that is possible (Debian, root); returns the names of what is missing still. */
export async function prepareMachine(): Promise<string[]> {
  const missing = needs.filter((need) => !isThere(need))
  if (missing.length > 0 && isDebianRoot()) {
    console.log(`Installing ${missing.map((need) => need.debian).join(', ')}`)
    const environment = { DEBIAN_FRONTEND: 'noninteractive' }
    await run('apt-get', ['update', '-qq'], environment)
    await run(
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends', ...missing.map((need) => need.debian)],
      environment,
    )
  }
  return needs.filter((need) => !isThere(need)).map((need) => `${need.what} (set ${need.variable})`)
}

function isThere(need: (typeof needs)[number]): boolean {
  const given = process.env[need.variable]
  if (given !== undefined) return existsSync(given)
  return (
    need.paths.some((path) => existsSync(path)) ||
    spawnSync('sh', ['-c', 'command -v "$0"', need.what]).status === 0
  )
}

function isDebianRoot(): boolean {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  return process.getuid?.() === 0 && /^ID(_LIKE)?=.*debian/m.test(release)
}
