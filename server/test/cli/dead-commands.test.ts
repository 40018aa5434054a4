import { existsSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { startPushService, type PushService } from '@belfry/push-service'
import type { ChatMessage } from '@belfry/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSqliteFile } from '../../src/sqlite/open-sqlite-file.ts'
import { at } from '../support/ask.ts'
import { emptyFolder, runBelfryProcess, type BelfryProcess } from '../support/belfry-process.ts'
import { freePort, signUp } from '../support/test-server.ts'

const timeout = 60_000

let push: PushService
beforeAll(async () => {
  push = await startPushService()
})
afterAll(() => push.close())

function chat(n: number, recipientId: string): ChatMessage {
  return {
    type: 'ChatMessage',
    id: `m${n}`,
    conversationId: 'kitchen',
    senderId: 'alice',
    senderName: 'Alice',
    recipientIds: [recipientId],
    text: `canary ${n}`,
    sentAt: new Date().toISOString(),
  }
}

/** Keeps these aside, as a worker of the chat's lane that could not handle them would. */
async function bury(dataDir: string, bodies: readonly string[], queue = 'web-push.chat') {
  const file = openSqliteFile({ dir: dataDir })
  const sql = `INSERT INTO dead_messages (queue, reason, published_ms, died_ms, tries, body)
               VALUES (?, 'no such conversation', 1, ?, 3, ?)`
  const diedMs = Date.UTC(2026, 10, 21, 10)
  await file.write((tx) => bodies.map((body) => tx.run(sql, [queue, diedMs, body])))
  await file.close()
}

async function run(dataDir: string, ...args: readonly string[]) {
  const belfry = runBelfryProcess({ args: ['dead', ...args], environment: { DATA_DIR: dataDir } })
  const code = await belfry.ended
  return { code, output: belfry.output() }
}

async function start(dataDir: string): Promise<{ belfry: BelfryProcess; url: string }> {
  const port = await freePort()
  const belfry = runBelfryProcess({
    args: ['start'],
    environment: {
      DATA_DIR: dataDir,
      PORT: String(port),
      PUSH_ALLOWED_HOSTS: push.endpointHost,
    },
  })
  await belfry.printed('Belfry is running')
  return { belfry, url: `http://127.0.0.1:${port}` }
}

async function stop(belfry: BelfryProcess): Promise<void> {
  belfry.signal('SIGTERM')
  expect(await belfry.ended).toBe(0)
}

describe('belfry dead, on the embedded file', { timeout }, () => {
  test('what is dead is shown as a table, and as one JSON document, without a word of it', async () => {
    const dataDir = emptyFolder()
    await bury(dataDir, [JSON.stringify(chat(1, 'bob')), '{"canary":'])
    const [asTable, asJson] = [await run(dataDir, 'list'), await run(dataDir, 'list', '--json')]
    expect(asTable).toEqual({
      code: 0,
      output: [
        'ID  QUEUE          DIED AT                   TRIES  REASON                EVENT',
        '1   web-push.chat  2026-11-21T10:00:00.000Z  3      no such conversation  ChatMessage chat:kitchen:m1',
        '2   web-push.chat  2026-11-21T10:00:00.000Z  3      no such conversation  unreadable',
        '',
      ].join('\n'),
    })
    expect(JSON.parse(asJson.output)).toEqual({
      dead: [
        {
          id: '1',
          queue: 'web-push.chat',
          reason: 'no such conversation',
          tries: 3,
          event: { type: 'ChatMessage', id: 'chat:kitchen:m1', deliveryId: null },
          diedAt: '2026-11-21T10:00:00.000Z',
        },
        expect.objectContaining({ id: '2', event: null }),
      ],
      more: false,
    })
    expect(asJson.output).not.toContain('canary')
    const first = await run(dataDir, 'list', '--limit', '1', '--queue', 'web-push.chat')
    expect(first.output).toContain('There are more')
    const calls = await run(dataDir, 'list', '--queue', 'web-push.calls')
    expect(calls).toEqual({ code: 0, output: 'Nothing is dead in web-push.calls.\n' })
  })

  test('a server that runs is asked to replay, and what was dead reaches the browser', async () => {
    const dataDir = emptyFolder()
    const first = await start(dataDir)
    const bob = await signUp(first.url, push, 'bob')
    const { browser } = await bob.subscribe()
    await stop(first.belfry)
    await bury(
      dataDir,
      [1, 2].map((n) => JSON.stringify(chat(n, bob.id))),
    )

    const { belfry } = await start(dataDir)
    expect(statSync(join(dataDir, 'belfry.sock')).mode & 0o777).toBe(0o600)
    expect((await run(dataDir, 'list')).output).toContain('chat:kitchen:m2')
    const pushed = browser.next()
    expect(await run(dataDir, 'replay', '2')).toEqual({ code: 0, output: 'Replayed: 1\n' })
    expect(at((await pushed).json, 'notification', 'body')).toBe('canary 2')
    const rest = await run(dataDir, 'list', '--json')
    expect(at(JSON.parse(rest.output), 'dead')).toMatchObject([{ id: '1' }])

    const both = await run(dataDir, 'replay', '1', '2', '--json')
    expect(both.code).toBe(1)
    expect(both.output).toBe(
      '{"replayed":["1"],"missing":["2"],"stranded":[]}\nNot among the dead: 2. [DEAD_NOT_REPLAYED]\n',
    )
    expect(await run(dataDir, 'replay', '--all')).toEqual({
      code: 0,
      output: 'Replayed: nothing\n',
    })
    await stop(belfry)
    expect(existsSync(join(dataDir, 'belfry.sock'))).toBe(false)
  })

  test('a server that is stopped finds on its lane what was replayed', async () => {
    const dataDir = emptyFolder()
    const first = await start(dataDir)
    const bob = await signUp(first.url, push, 'bob')
    const { browser } = await bob.subscribe()
    await stop(first.belfry)
    await bury(dataDir, [JSON.stringify(chat(1, bob.id))])
    await bury(dataDir, [JSON.stringify(chat(2, bob.id))], 'carrier-pigeon')

    const replayed = await run(dataDir, 'replay', '--all')
    expect(replayed.code).toBe(1)
    expect(replayed.output).toBe(
      'Replayed: 1\nThey stay, because this version does not know their queue: 2. [DEAD_NOT_REPLAYED]\n',
    )
    const pushed = browser.next()
    await start(dataDir)
    expect(at((await pushed).json, 'notification', 'body')).toBe('canary 1')
  })

  test('a server that was killed leaves a socket behind, and nobody stumbles over it', async () => {
    const dataDir = emptyFolder()
    const { belfry } = await start(dataDir)
    process.kill(belfry.pid, 'SIGKILL')
    await belfry.ended
    expect(existsSync(join(dataDir, 'belfry.sock'))).toBe(true)
    expect((await run(dataDir, 'list')).output).toBe('Nothing is dead.\n')
    expect((await run(dataDir, 'replay', '--all')).code).toBe(0)
    await start(dataDir)
    expect((await run(dataDir, 'replay', '--all')).code).toBe(0)
  })

  test('a server that cannot be asked goes on, and the sentence says what to do', async () => {
    const dataDir = emptyFolder()
    // A socket cannot be made where something else is.
    mkdirSync(join(dataDir, 'belfry.sock/in-the-way'), { recursive: true })
    const { belfry } = await start(dataDir)
    await belfry.printed('works only while this process is stopped')
    const refused = await run(dataDir, 'replay', '--all')
    expect(refused.code).toBe(1)
    expect(refused.output).toContain(`Process ${belfry.pid} holds DATA_DIR ${dataDir}`)
    expect(refused.output).toMatch(/Stop it, replay, and start it again.*\[DATA_DIR_IN_USE\]/)
    expect((await run(dataDir, 'list')).code).toBe(0)
    await stop(belfry)
    rmSync(join(dataDir, 'belfry.sock'), { recursive: true })
  })

  test('a choice that is none, and a directory where nothing has run, are refused in a sentence', async () => {
    const dataDir = emptyFolder()
    for (const choice of [[], ['--all', '1']]) {
      const refused = await run(dataDir, 'replay', ...choice)
      expect(refused.code).toBe(1)
      expect(refused.output).toMatch(/either ids, .* or --all\. \[DEAD_REPLAY_CHOICE\]/)
    }
    for (const command of [['list'], ['replay', '--all']]) {
      const refused = await run(dataDir, ...command)
      expect(refused.code).toBe(1)
      expect(refused.output).toContain('[DATA_FILE_MISSING]')
    }
    expect(existsSync(join(dataDir, 'belfry.db'))).toBe(false)
    // What may not be looked at is not missing; a link to itself is refused to root as well.
    symlinkSync('belfry.db', join(dataDir, 'belfry.db'))
    const refused = await run(dataDir, 'replay', '--all')
    expect(refused.code).toBe(1)
    expect(refused.output).toMatch(/belfry\.db cannot be read \(ELOOP\).*\[FILE_UNUSABLE\]/)
    expect((await run(dataDir, 'list', '--queue', 'nowhere')).code).toBe(1)
    expect((await run(dataDir, 'list', '--limit', 'many')).code).toBe(1)
  })
})
