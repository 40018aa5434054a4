import { chmodSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import * as z from 'zod'
import type { Log } from '../../observability/log.ts'
import { DeadLettersUnavailableError } from '../dead-letters-unavailable-error.ts'
import { queueNames, type DeadChoice, type DeadLetters, type Replayed } from '../port.ts'

/**
 * By which `belfry dead replay` asks the process that holds `DATA_DIR` to replay: only that one may write the file,
 * and only its lanes would notice. A Unix socket in the directory: who may not enter the directory may not ask.
 *
 * One line of JSON each way, then it is closed.
 */
const wish = z.object({
  ids: z.union([z.literal('all'), z.array(z.string().max(64)).max(100_000)]),
  queue: z.enum(queueNames).optional(),
})
const ids = z.array(z.string())
const replayed = z.object({ replayed: ids, missing: ids, stranded: ids })
const answer = z.union([
  z.object({ kind: z.literal('done'), replayed }),
  z.object({ kind: z.literal('failed'), why: z.string() }),
])
type Answer = z.infer<typeof answer>

/** 100,000 ids fit. */
const longestLine = 2 * 1024 * 1024
/** Handing 100,000 back takes some seconds. */
const answerWithinMs = 60_000

export interface DeadDoor {
  close(): Promise<void>
}

/** The directory's lock MUST be held: a socket that is there was left by a process that is gone. */
export async function openDeadDoor(options: {
  readonly dir: string
  readonly dead: Pick<DeadLetters, 'replay'>
  readonly log: Pick<Log, 'warn'>
}): Promise<DeadDoor> {
  const { dir, dead, log } = options
  const path = doorOf(dir)
  const visitors = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    visitors.add(socket)
    socket.on('close', () => visitors.delete(socket))
    socket.on('error', () => {}) // Whoever asked is gone; what was asked is done all the same.
    void serve(socket, dead)
  })
  try {
    await new Promise<void>((resolve, reject) => {
      rmSync(path, { force: true })
      server.once('error', reject).listen(path, resolve)
    })
    chmodSync(path, 0o600)
  } catch (cause) {
    // A file system without sockets, a path that is too long for one, Windows.
    log.warn(
      { err: cause },
      'Broker: "belfry dead replay" works only while this process is stopped',
    )
  }
  return {
    close: () =>
      new Promise((resolve) => {
        if (!server.listening) return resolve()
        server.close(() => resolve())
        for (const socket of visitors) socket.destroy()
      }),
  }
}

/** Asks the process that holds the directory. Null: it has no door, or there is no such process. */
export async function askAtDeadDoor(dir: string, choice: DeadChoice): Promise<Replayed | null> {
  const socket = await knock(doorOf(dir))
  if (socket === null) return null
  try {
    socket.setTimeout(answerWithinMs, () => socket.destroy(new Error('no answer within a minute')))
    socket.end(`${JSON.stringify(choice)}\n`)
    const said = answer.parse(JSON.parse(await readLine(socket)))
    if (said.kind === 'failed') throw new Error(said.why)
    return said.replayed
  } catch (cause) {
    throw new DeadLettersUnavailableError('replay what is dead', cause)
  } finally {
    socket.destroy()
  }
}

function doorOf(dir: string): string {
  return join(dir, 'belfry.sock')
}

function knock(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => resolve(socket)).once('error', () => resolve(null))
  })
}

async function serve(socket: Socket, dead: Pick<DeadLetters, 'replay'>): Promise<void> {
  socket.setTimeout(answerWithinMs, () => socket.destroy())
  socket.end(`${JSON.stringify(await answerTo(socket, dead))}\n`)
}

async function answerTo(socket: Socket, dead: Pick<DeadLetters, 'replay'>): Promise<Answer> {
  try {
    const choice = wish.parse(JSON.parse(await readLine(socket)))
    const { replayed: gone, missing, stranded } = await dead.replay(choice)
    return {
      kind: 'done',
      replayed: { replayed: [...gone], missing: [...missing], stranded: [...stranded] },
    }
  } catch (cause) {
    const first = cause instanceof DeadLettersUnavailableError ? cause.cause : cause
    return { kind: 'failed', why: first instanceof Error ? first.message : String(first) }
  }
}

/** Up to the first end of a line. */
async function readLine(socket: Socket): Promise<string> {
  let text = ''
  for await (const chunk of socket.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    text += String(chunk)
    if (text.endsWith('\n')) return text
    if (text.length > longestLine) throw new Error('the line is too long')
  }
  throw new Error('it was cut short')
}
