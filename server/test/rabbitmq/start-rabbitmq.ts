import { execFile, spawn, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  mkdtempSync,
  openSync,
  readFileSync,
  closeSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { connect } from 'amqplib'
import { freePorts } from '../support/free-port.ts'
import { installed, whyNoRabbitMq, type Installation } from './installation.ts'

export { whyNoRabbitMq } from './installation.ts'

/** A RabbitMQ of this test file alone. */
export interface RabbitMq {
  /** `amqp://…`, with the virtual host that is the tests' own. */
  readonly url: string
  readonly port: number
  /** Another virtual host, empty; its URL. */
  addVhost(name: string): Promise<string>
  /** `rabbitmqctl`; rejects when it fails. About a second each. */
  ctl(...args: readonly string[]): Promise<string>
  /** SIGKILL of the whole node, as a power cut is to it. */
  kill(): Promise<void>
  /** Starts it again on the same data, and resolves once it takes connections. */
  restart(): Promise<void>
  /** Ends it and removes what it wrote. */
  stop(): Promise<void>
}

const run = promisify(execFile)

/**
 * Starts a `rabbitmq-server`, by default the installed one, with everything of its own: ports, node name, cookie,
 * data, and the daemon that Erlang nodes find each other by. Bound to loopback. Ends with this process, however
 * that ends.
 */
export async function startRabbitMq(from: Installation | null = installed()): Promise<RabbitMq> {
  if (from === null) throw new Error(whyNoRabbitMq() ?? 'unreachable')
  const { folder, root } = from
  const home = mkdtempSync(join(root === null ? tmpdir() : join(root, 'tmp'), 'belfry-rabbitmq-'))
  const [port = 0, distPort = 0, epmdPort = 0] = await freePorts(3)
  const homeInside = root === null ? home : join('/tmp', basename(home))
  const env = nodeEnvironment({ home: homeInside, port, distPort, epmdPort })
  writeConfiguration(home, port)
  const inside = (...command: readonly string[]) =>
    root === null ? command : ['/usr/sbin/chroot', root, ...command]

  const findEachOther = ['epmd', '-port', String(epmdPort), '-address', '127.0.0.1']
  const epmd = guarded(inside(...findEachOther), { env, home })
  let node: ChildProcess | undefined

  async function start(): Promise<void> {
    node = guarded(inside(join(folder, 'rabbitmq-server')), { env, home })
    await untilItAnswers(`amqp://127.0.0.1:${port}`, node, home)
  }
  const ctl = async (...args: readonly string[]) => {
    const [command = '', ...rest] = inside(join(folder, 'rabbitmqctl'), '--quiet', ...args)
    const { stdout } = await run(command, rest, { env })
    return stdout
  }
  const kill = async () => {
    if (node !== undefined) await killGroup(node)
    node = undefined
  }
  const stop = async () => {
    await kill()
    await killGroup(epmd)
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
  try {
    await start()
  } catch (cause) {
    await stop()
    throw cause
  }
  return {
    url: `amqp://127.0.0.1:${port}`,
    port,
    async addVhost(name) {
      await ctl('add_vhost', name)
      await ctl('set_permissions', '-p', name, 'guest', '.*', '.*', '.*')
      return `amqp://127.0.0.1:${port}/${name}`
    },
    ctl,
    kill,
    restart: start,
    stop,
  }
}

interface Place {
  readonly home: string
  readonly port: number
  readonly distPort: number
  readonly epmdPort: number
}

function nodeEnvironment({ home, port, distPort, epmdPort }: Place): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    HOME: home,
    RABBITMQ_NODENAME: `belfry-${port}@localhost`,
    RABBITMQ_DIST_PORT: String(distPort),
    RABBITMQ_MNESIA_BASE: join(home, 'data'),
    RABBITMQ_LOG_BASE: join(home, 'log'),
    RABBITMQ_CONFIG_FILE: join(home, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'enabled_plugins'),
    RABBITMQ_CONF_ENV_FILE: join(home, 'no-such-file'),
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    // Idle schedulers sleep at once instead of spinning: the machine is shared with other tests.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      '+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}',
  }
}

function writeConfiguration(home: string, port: number): void {
  const lines = [
    `listeners.tcp.local = 127.0.0.1:${port}`,
    'num_acceptors.tcp = 2',
    'disk_free_limit.absolute = 50MB',
    // The default of 512 MB is allocated at every start.
    'raft.wal_max_size_bytes = 33554432',
    // Asks Erlang, not /proc, which an unpacked tree has none of.
    'vm_memory_calculation_strategy = allocated',
  ]
  writeFileSync(join(home, 'rabbitmq.conf'), `${lines.join('\n')}\n`)
  writeFileSync(join(home, 'enabled_plugins'), '[].\n')
  const cookie = join(home, '.erlang.cookie')
  writeFileSync(cookie, 'BELFRYTESTS')
  chmodSync(cookie, 0o400)
}

/**
 * A process in a group of its own, that kills the whole group when our end of its standard input closes:
 * also when this process is killed, and nobody is left to clean up.
 */
function guarded(
  command: readonly string[],
  { env, home }: { env: NodeJS.ProcessEnv; home: string },
): ChildProcess {
  const log = openSync(join(home, 'output.log'), 'a')
  const script =
    'exec 3<&0; (cat <&3 >/dev/null; kill -9 0) & command=$1; shift; exec "$command" "$@" 3<&- </dev/null'
  const child = spawn('/bin/sh', ['-c', script, 'sh', ...command], {
    env,
    detached: true,
    stdio: ['pipe', log, log],
  })
  closeSync(log)
  return child
}

async function killGroup(child: ChildProcess): Promise<void> {
  const { pid } = child
  if (pid === undefined) return
  const gone =
    child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise<void>((resolve) => {
          child.once('exit', () => resolve())
        })
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The group is gone already.
  }
  child.stdin?.destroy()
  await gone
}

const startWithinMs = 60_000

async function untilItAnswers(url: string, node: ChildProcess, home: string): Promise<void> {
  const deadline = performance.now() + startWithinMs
  for (;;) {
    try {
      const connection = await connect(url, { timeout: 2000 })
      await connection.close()
      return
    } catch (cause) {
      if (node.exitCode !== null || node.signalCode !== null || performance.now() > deadline)
        throw new Error(`RabbitMQ did not start:\n${lastLines(home)}`, { cause })
      await delay(100)
    }
  }
}

function lastLines(home: string): string {
  return readFileSync(join(home, 'output.log'), 'utf8').split('\n').slice(-30).join('\n')
}
