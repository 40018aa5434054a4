import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startBalancer } from './balancer.ts'
import { startBelfry, type Belfry } from './belfry.ts'

const run = promisify(execFile)
const SERVER = join(import.meta.dirname, '../../server/src/main.ts')

type Pair = readonly [Belfry, Belfry]

/** Belfry as it runs in production: each role in processes of its own, two of each. */
export interface BelfryProcesses {
  /** What people open: both API processes behind one address. Without trailing slash. */
  readonly url: string
  readonly apis: Pair
  readonly webPushWorkers: Pair
  readonly expoPushWorkers: Pair
  /** How many connections to `url` each of the API processes has taken. */
  readonly connectionsTaken: () => readonly number[]
  /** Ends whatever still runs. */
  readonly close: () => Promise<void>
}

/**
 * One process after the other: the first makes queues and indexes.
 * @param env must name the engines; the keys are made here, by the operator's own command
 */
export async function startBelfryProcesses(
  env: Readonly<Record<string, string>>,
): Promise<BelfryProcesses> {
  await using opened = new AsyncDisposableStack()
  const balancer = await startBalancer()
  opened.defer(balancer.close)
  const url = `http://localhost:${balancer.port}`
  const { stdout: keys } = await run(process.execPath, [SERVER, 'keys'])
  const settings = { ...parsed(keys), PUBLIC_URL: url, ...env }
  const start = async (role: string): Promise<Belfry> => {
    const belfry = await startBelfry({ args: ['start', '--roles', role], env: settings })
    opened.defer(belfry.close)
    return belfry
  }
  const startTwo = async (role: string): Promise<Pair> => [await start(role), await start(role)]
  const apis = await startTwo('api')
  for (const api of apis) balancer.add(Number(new URL(api.url).port))
  const webPushWorkers = await startTwo('web-push')
  const expoPushWorkers = await startTwo('expo-push')
  const all = opened.move()
  return {
    url,
    apis,
    webPushWorkers,
    expoPushWorkers,
    connectionsTaken: balancer.taken,
    close: () => all.disposeAsync(),
  }
}

function parsed(lines: string): Record<string, string> {
  const pairs = lines.trim().split('\n')
  return Object.fromEntries(
    pairs.map((line) => {
      const at = line.indexOf('=')
      return [line.slice(0, at), line.slice(at + 1)]
    }),
  )
}
