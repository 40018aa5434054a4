import { startPushService, type PushService, type Recipient } from '@belfry/push-service'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { openLedger, type Ledger } from '../delivery/ledger.ts'
import {
  ask,
  asPerson,
  at,
  freePort,
  testPassword,
  type TestPerson,
} from '../support/test-server.ts'
import { startBelfry, type BelfryProcess } from './belfry-process.ts'

/** One data directory whose process is killed and started again; push service and devices survive. */
export interface KillScene {
  readonly push: PushService
  /** Starts the program; `failpoint` is `name:nth:kill`. */
  start(failpoint?: string): Promise<BelfryProcess>
  person(name: string): Promise<TestPerson>
  /** The running program's own file. Open only after the first start. */
  ledger(): Ledger
  /** Resolves once nothing waits in outbox or queue, and every delivery is final. */
  quiet(): Promise<void>
}

export async function killScene(
  settings: Readonly<Record<string, string>> = {},
): Promise<KillScene> {
  const push = await startPushService()
  const dataDir = mkdtempSync(join(tmpdir(), 'belfry-kill-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const running = new Set<BelfryProcess>()
  const ledgers: Ledger[] = []

  const ledger = () => {
    const open = ledgers[0] ?? openLedger(dataDir)
    if (ledgers.length === 0) ledgers.push(open)
    return open
  }
  onTestFinished(async () => {
    for (const each of running) {
      each.signal('SIGKILL')
      await each.exited
    }
    for (const each of ledgers) each.close()
    await push.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  return {
    push,
    ledger,
    async start(failpoint) {
      const belfry = await startBelfry({
        DATA_DIR: dataDir,
        PORT: String(port),
        PUSH_ALLOWED_HOSTS: push.endpointHost,
        ...(failpoint === undefined ? {} : { FAILPOINT: failpoint }),
        ...settings,
      })
      running.add(belfry)
      void belfry.exited.then(() => running.delete(belfry))
      return belfry
    },
    async person(name) {
      const displayName = name.charAt(0).toUpperCase() + name.slice(1)
      const answer = await ask(url, null, {
        method: 'POST',
        path: '/api/auth/register',
        body: { username: name, password: testPassword, displayName },
      })
      const token = String(at(answer.body, 'token'))
      return asPerson({ url, push }, token, String(at(answer.body, 'user', 'id')))
    },
    quiet: () => ledger().quiet(),
  }
}

/**
 * Asks until there is an answer, as a client does: the program may be dead or not there yet.
 * Safe for what carries its own id.
 */
export async function insist(
  person: TestPerson,
  path: string,
  body: unknown,
): Promise<Awaited<ReturnType<TestPerson['ask']>>> {
  return vi.waitFor(() => person.ask('POST', path, body), { timeout: 30_000, interval: 50 })
}

/** Asks once. Null: the connection broke, so that it may have been taken or not. */
export function tryAsk(person: TestPerson, path: string, body: unknown) {
  return person.ask('POST', path, body).catch(() => null)
}

/** How often each delivery came over the wire, by its id: the device shows the first and drops the rest. */
export function timesById(browser: Recipient): Map<string, number> {
  const times = new Map<string, number>()
  for (const { json } of browser.received) {
    const id = String(at(json, 'notification', 'data', 'id'))
    times.set(id, (times.get(id) ?? 0) + 1)
  }
  return times
}
