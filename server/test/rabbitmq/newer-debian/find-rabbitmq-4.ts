import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Installation } from '../installation.ts'

/** A RabbitMQ 4 that can be started, and which one it is. */
export interface RabbitMq4 extends Installation {
  /** `4.3.6`. */
  readonly version: string
}

/**
 * RabbitMQ 4 with its Erlang from a newer Debian, unpacked into `cacheDir` on the first use: the broker that this
 * machine installs may be 3.x. Else a sentence that says why there is none.
 */
export async function findRabbitMq4(cacheDir: string): Promise<RabbitMq4 | string> {
  const missing = [...(isDebian() ? [] : ['Debian']), ...(process.getuid?.() === 0 ? [] : ['root'])]
  if (missing.length > 0) {
    return `untested: to unpack RabbitMQ 4, this machine lacks ${missing.join(' and ')}`
  }
  const build = spawn(join(import.meta.dirname, 'build.sh'), [cacheDir], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [complaint, [code]] = await Promise.all([text(build.stderr), once(build, 'exit')])
  if (code !== 0) return `untested: RabbitMQ 4 cannot be had here: ${complaint.trim()}`
  return {
    folder: '/usr/lib/rabbitmq/bin',
    root: join(cacheDir, 'root'),
    version: readFileSync(join(cacheDir, 'version'), 'utf8').trim(),
  }
}

function isDebian(): boolean {
  try {
    return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false // Not a Linux that says what it is.
  }
}
