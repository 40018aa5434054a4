import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Where the programs of a RabbitMQ are. */
export interface Installation {
  /** Has `rabbitmq-server` and `rabbitmqctl`; as seen from inside `root`. */
  readonly folder: string
  /** A tree to enter by chroot first; null: this machine's own. */
  readonly root: string | null
}

/** Where packages put the scripts that do not ask who runs them (Debian's `/usr/sbin` one wants its own user). */
const packaged = [
  '/usr/lib/rabbitmq/bin',
  '/usr/local/sbin',
  '/opt/rabbitmq/sbin',
  '/opt/homebrew/sbin',
]

/** `RABBITMQ_TEST_SBIN` names the folder of another version's `rabbitmq-server` and `rabbitmqctl`. */
const given = process.env.RABBITMQ_TEST_SBIN
const folders = given === undefined ? packaged : [given]

/** Why no RabbitMQ can be started here; null when one can. */
export function whyNoRabbitMq(): string | null {
  if (installed() !== null) return null
  return `no rabbitmq-server in ${folders.join(', ')} (Debian: apt-get install rabbitmq-server)`
}

/** The one that this machine has; null when it has none. */
export function installed(): Installation | null {
  const folder = folders.find((each) => existsSync(join(each, 'rabbitmq-server')))
  return folder === undefined ? null : { folder, root: null }
}
