import { readFileSync } from 'node:fs'
import { missingTools } from '../e2e/support/missing-tools.ts'
import { whyNoRabbitMq } from '../server/test/rabbitmq/start-rabbitmq.ts'
import { run } from './leg.ts'

/** Installs what the browser tests miss where that is possible; returns a sentence for each thing that is missing still. */
export function prepareBrowsers(): Promise<string[]> {
  const look = () => missingTools(['firefox', 'chromium', 'desktop', 'openssl'])
  // A minimal system lacks even libnotify, which Firefox shows notifications through.
  return prepare(look, ['firefox-esr', 'chromium', 'dbus', 'libnotify4', 'openssl'])
}

/** The same for RabbitMQ. The MongoDB-wire server is built by its own test support. */
export function prepareRabbitMq(): Promise<string[]> {
  const look = async () => [whyNoRabbitMq()].filter((sentence) => sentence !== null)
  // iproute2: the fault tests pull the cable of a network namespace.
  return prepare(look, ['rabbitmq-server', 'iproute2'])
}

/** By apt, on Debian as root; elsewhere what is on PATH has to do. */
async function prepare(
  look: () => Promise<string[]>,
  debianPackages: readonly string[],
): Promise<string[]> {
  const missing = await look()
  if (missing.length === 0 || !isDebianRoot()) return missing
  console.log(`Installing ${debianPackages.join(', ')}`)
  const environment = { DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-qq'], environment)
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...debianPackages]
  await run('apt-get', install, environment)
  return look()
}

function isDebianRoot(): boolean {
  if (process.getuid?.() !== 0) return false
  try {
    return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false // Not a Linux that says what it is.
  }
}
