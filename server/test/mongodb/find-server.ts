import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../support/free-port.ts'

/** A MongoDB-wire server for tests. `stop` ends it, unless it was there before. */
export interface WireServer {
  /** Without a database's name. */
  readonly url: string
  /** What it is, for the log. */
  readonly kind: string
  /** Of what was started here: the server, or the script whose children it is. Null: it was there before. */
  readonly pid: number | null
  stop(): Promise<void>
}

export interface FindServerOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Looked into after PATH. Default: where the archive of go.dev is unpacked to. */
  readonly goDir?: string
  /** Where FerretDB and its PostgreSQL are kept: 330 MB, made once. */
  readonly cacheDir: string
}

/** Where that is, for every project of this checkout alike. */
export function wireServerCache(environment: FindServerOptions['environment']): string {
  const { XDG_CACHE_HOME } = environment
  return XDG_CACHE_HOME === undefined || XDG_CACHE_HOME === ''
    ? join(import.meta.dirname, '../../../node_modules/.cache/mongo-wire')
    : join(XDG_CACHE_HOME, 'belfry/mongo-wire')
}

const scripts = join(import.meta.dirname, 'wire-server')

/**
 * In this order: the server that `MONGODB_TEST_URL` names; a `mongod` on PATH, with its data in a temporary folder;
 * FerretDB over PostgreSQL, built on the first use (minutes; needs Debian, root and Go). Else, or when that one
 * cannot be built, a sentence that says what is missing.
 */
export async function findServer(options: FindServerOptions): Promise<WireServer | string> {
  const { environment, cacheDir, goDir = '/usr/local/go/bin' } = options
  const url = environment['MONGODB_TEST_URL']
  if (url !== undefined && url !== '') {
    return { url, kind: 'the server of MONGODB_TEST_URL', pid: null, stop: async () => {} }
  }
  const path = environment['PATH'] ?? ''
  const mongod = findOnPath('mongod', path)
  if (mongod !== null) return startMongod(mongod)
  const pathWithGo = `${path}${delimiter}${goDir}`
  const missing = [
    ...(process.platform === 'linux' && isDebian() ? [] : ['Debian']),
    ...(process.getuid?.() === 0 ? [] : ['root']),
    ...(findOnPath('go', pathWithGo) !== null ? [] : ['Go 1.25']),
  ]
  if (missing.length > 0) {
    return `no MongoDB: set MONGODB_TEST_URL, or put mongod on PATH (to build FerretDB instead, this machine lacks ${missing.join(', ')})`
  }
  return startFerretdb(cacheDir, { ...environment, PATH: pathWithGo })
}

async function startFerretdb(
  cacheDir: string,
  env: FindServerOptions['environment'],
): Promise<WireServer | string> {
  const build = spawn(join(scripts, 'build.sh'), [cacheDir], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const complaint = collect(build)
  const [code] = await once(build, 'exit')
  if (code !== 0) return `no MongoDB, and FerretDB cannot be built here: ${complaint().trim()}`
  const port = await freePort()
  const server = spawn(join(scripts, 'run.sh'), [cacheDir, String(port)], { stdio: 'pipe' })
  const trouble = collect(server)
  const exited = once(server, 'exit')
  const ready = once(server.stdout, 'data').then(() => true)
  if (!(await Promise.race([ready, exited.then(() => false)]))) {
    return `no MongoDB, and FerretDB does not start here: ${trouble().trim()}`
  }
  return {
    url: `mongodb://127.0.0.1:${port}/`,
    kind: 'FerretDB over PostgreSQL',
    pid: server.pid ?? null,
    async stop() {
      server.stdin.end()
      await exited
    },
  }
}

async function startMongod(program: string): Promise<WireServer | string> {
  const dir = mkdtempSync(join(tmpdir(), 'belfry-mongod-'))
  const port = await freePort()
  const args = ['--dbpath', dir, '--port', String(port), '--bind_ip', '127.0.0.1', '--quiet']
  const server = spawn(program, args, { stdio: 'ignore' })
  const exited = once(server, 'exit')
  const ended = () => server.exitCode !== null || server.signalCode !== null
  while (!ended() && !(await listens(port))) await delay(50)
  if (ended()) {
    rmSync(dir, { recursive: true, force: true })
    return `the mongod on PATH, ${program}, does not start`
  }
  return {
    url: `mongodb://127.0.0.1:${port}/`,
    kind: 'mongod',
    pid: server.pid ?? null,
    async stop() {
      server.kill('SIGTERM')
      await exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(port, '127.0.0.1')
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', () => resolve(false))
  })
}

function collect(child: ChildProcess): () => string {
  let text = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  return () => text
}

function findOnPath(program: string, path: string): string | null {
  for (const dir of path.split(delimiter)) {
    try {
      accessSync(join(dir, program), constants.X_OK)
      if (dir !== '') return join(dir, program)
    } catch {
      // Not in this folder.
    }
  }
  return null
}

function isDebian(): boolean {
  try {
    return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false // Not a Linux that says what it is.
  }
}
