import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Benchmark, BenchmarkOptions, Report } from './benchmark.ts'
import { writeCaFile } from './ca-file.ts'
import { fillDataDir } from './fill-data-dir.ts'
import { startServer } from './server-process.ts'
import { median, spread } from './statistics.ts'
import { makeSubscribers } from './subscribers.ts'
import { inTemporaryDirectory } from './temporary-directory.ts'

const people = 2000
const targetMs = 1000
/** Nothing is sent here; no server listens there. */
const origin = 'https://127.0.0.1:9'

/** Claim: a restart takes less than a second, also with a database that has been in use. */
export const start: Benchmark = {
  name: 'start',
  run: (options) => inTemporaryDirectory((directory) => measure(options, directory)),
}

async function measure({ quick, say }: BenchmarkOptions, directory: string): Promise<Report> {
  const rounds = quick ? 2 : 7
  const messages = quick ? 5000 : 100_000
  const subscribers = makeSubscribers(people)
  const caFile = writeCaFile(directory)
  const emptyDir = join(directory, 'empty')
  const fullDir = join(directory, 'full')
  for (const dir of [emptyDir, fullDir]) mkdirSync(dir)
  await fillDataDir({
    dataDir: fullDir,
    origin,
    subscribers,
    messages,
    queued: false,
    recipients: 1,
  })
  const once = async (dataDir: string): Promise<number> => {
    const server = await startServer({ dataDir, subscribers, origin, caFile })
    await server.stop()
    return server.readyAfterMs
  }
  // Builds the web app if that is due, and warms the disk's cache: a restart finds both done.
  await once(emptyDir)
  const empty: number[] = []
  const full: number[] = []
  for (let round = 1; round <= rounds; round++) {
    empty.push(await once(emptyDir))
    const readyMs = await once(fullDir)
    full.push(readyMs)
    say(`round ${round}: ready after ${readyMs.toFixed(0)} ms`)
  }
  const megabytes = (dir: string) => (statSync(join(dir, 'belfry.db')).size / 2 ** 20).toFixed(0)
  const withMessages = median(full)
  const row = (name: string, dir: string, readyMs: readonly number[]) => [
    name,
    megabytes(dir),
    spread(readyMs),
  ]
  return {
    title: 'Start with an existing database',
    method: [
      `From the start of the process until \`/readyz\` first answers 200, asked every 5 ms; the web app is built already, files are in the disk's cache. ${rounds} interleaved rounds, median (least–most).`,
      `The existing database holds ${messages} messages, ${people} people and ${people} devices; nothing waits in its queue.`,
    ],
    tables: [
      {
        columns: ['database', 'size, MB', 'ready after, ms'],
        rows: [row('empty', emptyDir, empty), row(`${messages} messages`, fullDir, full)],
      },
    ],
    targets: [
      {
        claim: `ready within ${targetMs} ms with ${messages} messages`,
        measured: `${withMessages.toFixed(0)} ms`,
        isReached: withMessages <= targetMs,
      },
    ],
  }
}
