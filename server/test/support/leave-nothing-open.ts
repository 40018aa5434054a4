import { readdirSync, readlinkSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll } from 'vitest'

/**
 * For `setupFiles`: fails a test file that leaves a server, socket, timer, child process or file open.
 * Whoever opens, closes. Its `afterAll` is registered first and therefore runs last.
 *
 * What does not keep the process alive (`unref`, an idle connection of `fetch`) is not counted, and
 * what is just closing has a moment to do so. Open files are known on Linux only.
 */
const patienceMs = 3000
const lookEveryMs = 25

/** vitest's own talk with the process that started it. */
const ofTheRunner = new Set(['PipeWrap', 'MessagePort', 'Immediate', 'TickObject', 'FSReqPromise'])

let before: readonly string[] = []

beforeAll(() => {
  // The runner's own timers are gone within a moment: none of them excuses one of a test.
  before = open().filter((name) => name !== 'Timeout')
})

afterAll(async () => {
  let left = beyond(open(), before)
  for (let waitedMs = 0; left.length > 0 && waitedMs < patienceMs; waitedMs += lookEveryMs) {
    await delay(lookEveryMs, null, { ref: false })
    left = beyond(open(), before)
  }
  if (left.length > 0)
    throw new Error(`left open: ${left.join(', ')}. Close it in afterAll or onTestFinished.`)
})

function open(): string[] {
  const resources = process.getActiveResourcesInfo().filter((name) => !ofTheRunner.has(name))
  return [...resources, ...openFiles()]
}

/** Paths of open files; sockets and pipes are resources already. */
function openFiles(): string[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`)
      return path.startsWith('/') && !/^\/(dev|proc)\//.test(path) ? [path] : []
    } catch {
      return [] // Closed between the two calls: the directory's own descriptor always is.
    }
  })
}

/** What there is more of than there was. */
function beyond(now: readonly string[], then: readonly string[]): string[] {
  const rest = [...then]
  return now.filter((name) => {
    const index = rest.indexOf(name)
    if (index === -1) return true
    rest.splice(index, 1)
    return false
  })
}
